// Twin of matmul_flat.vot.
//
// @size 8
package main

import "fmt"

const N = 360

func mul(a, b, c []float64, n int) {
	for i := 0; i < n; i++ {
		for k := 0; k < n; k++ {
			x := a[i*n+k]
			for j := 0; j < n; j++ {
				c[i*n+j] += x * b[k*n+j]
			}
		}
	}
}

func main() {
	a, b, c := make([]float64, N*N), make([]float64, N*N), make([]float64, N*N)
	for i := range a {
		a[i] = float64(i%17) / 8
		b[i] = float64(i%13) - 6
	}
	for r := 0; r < SIZE; r++ {
		mul(a, b, c, N)
	}
	t := 0.0
	for i, v := range c {
		t += v * float64(i%7)
	}
	fmt.Printf("%.4f\n", t)
}
