// Twin of string_builder.vot.
//
// @size 20000000
package main

import "fmt"

func main() {
	var buf []byte
	h := 0
	for i := 0; i < SIZE; i++ {
		n := i
		for n > 0 {
			buf = append(buf, byte('0'+n%10))
			n /= 10
		}
		buf = append(buf, ',')
		if len(buf) > 4000 {
			s := string(buf)
			t := s[10:20] + s[len(s)-5:]
			for j := 0; j < len(t); j++ {
				h = (h*131 + int(t[j])) & 0xffffff
			}
			buf = buf[:0]
		}
	}
	s := ""
	for i := 0; i < 20000; i++ {
		s += string(rune('a' + i%26))
		if len(s) > 200 {
			h += len(s)
			s = s[100:]
		}
	}
	fmt.Println("builder", h, len(s))
}
