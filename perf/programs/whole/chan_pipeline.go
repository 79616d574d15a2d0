// Twin of chan_pipeline.vot.
//
// @size 40000
package main

import "fmt"

func gen(out chan int) {
	for i := 2; i < SIZE; i++ {
		out <- i
	}
	close(out)
}

func filter(in, out chan int, p int) {
	for v := range in {
		if v%p != 0 {
			out <- v
		}
	}
	close(out)
}

func main() {
	c := make(chan int, 16)
	go gen(c)
	n, s := 0, 0
	for {
		p, ok := <-c
		if !ok {
			break
		}
		n++
		s += p
		d := make(chan int, 16)
		go filter(c, d, p)
		c = d
	}
	fmt.Println("pipeline", n, s)
}
