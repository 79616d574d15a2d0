// Twin of matmul_rows.vot.
//
// @size 6
package main

import "fmt"

const N = 320

func matrix(n, k int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		for j := range m[i] {
			m[i][j] = float64((i*k+j)%11) - 5
		}
	}
	return m
}

func mul(a, b [][]float64) [][]float64 {
	n := len(a)
	c := make([][]float64, n)
	for i := range c {
		c[i] = make([]float64, n)
		for j := 0; j < n; j++ {
			s := 0.0
			for k := 0; k < n; k++ {
				s += a[i][k] * b[k][j]
			}
			c[i][j] = s
		}
	}
	return c
}

func main() {
	a, b := matrix(N, 3), matrix(N, 5)
	for r := 0; r < SIZE; r++ {
		a = mul(a, b)
		for i := range a {
			for j := range a[i] {
				a[i][j] /= 100
			}
		}
	}
	t := 0.0
	for i := range a {
		t += a[i][i] * float64(i)
	}
	fmt.Printf("%.6f\n", t)
}
