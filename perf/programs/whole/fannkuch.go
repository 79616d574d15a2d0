// Twin of fannkuch.vot.
//
// @size 10
package main

import "fmt"

func run(n int) (int, int) {
	p := make([]int, n)
	q := make([]int, n)
	c := make([]int, n)
	for i := range p {
		p[i] = i
	}
	sum, best, sign := 0, 0, 1
	for {
		if p[0] != 0 {
			copy(q, p)
			flips := 0
			for k := q[0]; k != 0; k = q[0] {
				for i, j := 0, k; i < j; i, j = i+1, j-1 {
					q[i], q[j] = q[j], q[i]
				}
				flips++
			}
			if flips > best {
				best = flips
			}
			sum += sign * flips
		}
		if sign == 1 {
			p[0], p[1] = p[1], p[0]
			sign = -1
		} else {
			p[1], p[2] = p[2], p[1]
			sign = 1
			for i := 2; i < n; i++ {
				if c[i] < i {
					c[i]++
					break
				}
				if i == n-1 {
					return sum, best
				}
				c[i] = 0
				t := p[0]
				for j := 0; j <= i; j++ {
					p[j] = p[j+1]
				}
				p[i+1] = t
			}
		}
	}
	return 0, 0
}

func main() {
	if SIZE > 0 {
		s, b := run(SIZE)
		fmt.Println("fannkuch", s, b)
	}
}
