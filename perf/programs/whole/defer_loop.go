// Twin of defer_loop.vot.
//
// @size 30000000
package main

import "fmt"

type Lock struct{ held, n int }

func (l *Lock) unlock(k int) { l.held--; l.n += k }

func critical(l *Lock, k int) (r int) {
	l.held++
	defer l.unlock(k & 3)
	if k%5 == 0 {
		return k
	}
	defer func() { r += l.held }()
	return k * 2
}

func main() {
	l := &Lock{}
	s := 0
	for i := 0; i < SIZE; i++ {
		s = (s + critical(l, i)) & 0xffffffff
	}
	fmt.Println("defer", s, l.held, l.n)
}
