// Twin of sieve.vot.
//
// @size 16
package main

import "fmt"

const N = 4000000

func sieve(n int) (count, last int) {
	comp := make([]bool, n+1)
	for i := 2; i*i <= n; i++ {
		if !comp[i] {
			for j := i * i; j <= n; j += i {
				comp[j] = true
			}
		}
	}
	for i := 2; i <= n; i++ {
		if !comp[i] {
			count++
			last = i
		}
	}
	return
}

func main() {
	t := 0
	for r := 0; r < SIZE; r++ {
		c, l := sieve(N - r)
		t += c*7 + l
	}
	fmt.Println("sieve", t)
}
