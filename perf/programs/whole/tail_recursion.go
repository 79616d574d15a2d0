// Twin of tail_recursion.vot.
//
// @size 300000
package main

import "fmt"

const Depth = 500

func loop(n, acc int) int {
	if n == 0 {
		return acc
	}
	return loop(n-1, (acc*5+n)&0xffffff)
}

func gcd(a, b int) int {
	if b == 0 {
		return a
	}
	return gcd(b, a%b)
}

func main() {
	s := 0
	for i := 0; i < SIZE; i++ {
		s += loop(Depth, i)
		s += gcd(i*7919+13, 1000003)
		s &= 0xfffffffff
	}
	fmt.Println("tail", s)
}
