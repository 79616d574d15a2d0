// Twin of word_count.vot.
//
// @size 240000
package main

import "fmt"

var vocab = []string{"alpha", "beta", "gamma", "delta", "eps", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu"}

func count(text string, m map[string]int) {
	start := -1
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= 'a' && c <= 'z' {
			if start < 0 {
				start = i
			}
		} else if start >= 0 {
			m[text[start:i]]++
			start = -1
		}
	}
	if start >= 0 {
		m[text[start:]]++
	}
}

func main() {
	text := ""
	x := 5
	for i := 0; i < 40; i++ {
		x = (x*17 + 3) % 101
		text += vocab[x%len(vocab)] + " "
	}
	m := make(map[string]int)
	for r := 0; r < SIZE; r++ {
		count(text, m)
	}
	t := 0
	for _, w := range vocab {
		t = t*3 + m[w]
	}
	fmt.Println("words", len(m), t)
}
