// Twin of interface_calls.vot.
//
// @size 80000000
package main

import "fmt"

type Stepper interface{ step(x int) int }

type Adder struct{ total int }
type Shifter struct{ bits int }
type Counter struct{ count, last int }

func (a *Adder) step(x int) int {
	a.total = (a.total + x) & 65535
	return a.total
}

func (s *Shifter) step(x int) int {
	s.bits = (s.bits<<1 ^ x) & 0xffffff
	return s.bits >> 3
}

func (c *Counter) step(x int) int {
	last := c.last
	c.last = x
	c.count++
	return c.count ^ last
}

func run(steppers []Stepper, n int) int {
	accumulator, next := 0, 0
	for i := 0; i < n; i++ {
		accumulator = (accumulator + steppers[next].step(accumulator^i)) & 0xffffff
		next++
		if next >= len(steppers) {
			next = 0
		}
	}
	return accumulator
}

func main() {
	steppers := []Stepper{&Adder{}, &Shifter{}, &Counter{}, &Adder{}, &Counter{}}
	fmt.Println("interface_calls", run(steppers, SIZE))
}
