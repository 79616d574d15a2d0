// Two goroutines hand a number to each other over two channels without a buffer. Twin of chan_pingpong.vot; the number
// of rounds may be given as an argument.
package main

import (
	"fmt"
	"os"
	"strconv"
)

func answer(ping, pong chan int) {
	for v := range ping {
		pong <- 3*v + 1
	}
	close(pong)
}

func play(ping, pong chan int, n int) int {
	s := 0
	for i := 0; i < n; i++ {
		ping <- i
		s = (s + <-pong) & 16777215
	}
	close(ping)
	return s
}

func main() {
	n := 5000000
	if len(os.Args) > 1 {
		n, _ = strconv.Atoi(os.Args[1])
	}
	ping, pong := make(chan int), make(chan int)
	go answer(ping, pong)
	fmt.Println(play(ping, pong, n))
}
