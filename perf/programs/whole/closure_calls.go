// Twin of closure_calls.vot.
//
// @size 60000000
package main

import "fmt"

func adder(k int) func(int) int {
	total := 0
	return func(x int) int {
		total += x & k
		return total
	}
}

func apply(f func(int, int) int, n, acc int) int {
	for i := 0; i < n; i++ {
		acc = f(acc, i)
	}
	return acc
}

func main() {
	a, b := adder(15), adder(7)
	s := 0
	for i := 0; i < SIZE; i++ {
		s ^= a(i) + b(s)
	}
	m := 3
	s += apply(func(x, y int) int { return (x*m + y) & 0xffffff }, SIZE, 1)
	fmt.Println("closure", s)
}
