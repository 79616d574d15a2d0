// Twin of panic_recover_loop.vot.
//
// @size 3000000
package main

import "fmt"

func risky(k int, xs []int) int {
	if k%3 == 0 {
		panic(k)
	}
	return xs[k%12]
}

func safe(k int, xs []int) (r int) {
	defer func() {
		if e := recover(); e != nil {
			if n, ok := e.(int); ok {
				r = n & 7
			} else {
				r = -1
			}
		}
	}()
	return risky(k, xs)
}

func main() {
	xs := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	s := 0
	for i := 0; i < SIZE; i++ {
		s += safe(i, xs)
	}
	fmt.Println("panics", s)
}
