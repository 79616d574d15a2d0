// Twin of map_int.vot.
//
// @size 16
package main

import "fmt"

const N = 200000

func main() {
	t := 0
	for r := 0; r < SIZE; r++ {
		m := make(map[int]int)
		k := r + 1
		for i := 0; i < N; i++ {
			k = (k*48271 + 11) % 65537
			m[k] += i
			if i%5 == 0 {
				delete(m, k/2)
			}
			if v, ok := m[k^1]; ok {
				t ^= v
			}
		}
		for key, v := range m {
			t += key ^ v
		}
		t += len(m)
	}
	fmt.Println("mapint", t)
}
