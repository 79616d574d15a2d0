// Twin of bounds_heavy.vot.
//
// @size 8000
package main

import "fmt"

const N = 4096

func gather(dst, a, b, idx []int) {
	for i := 0; i < len(dst); i++ {
		j := idx[i]
		dst[i] = a[j] + b[(j+i)&(N-1)]
	}
}

func smooth(dst, src []int) {
	n := len(src)
	dst[0], dst[n-1] = src[0], src[n-1]
	for i := 1; i < n-1; i++ {
		dst[i] = (src[i-1] + src[i]*2 + src[i+1]) >> 2
	}
}

func bytesum(bs []byte, small []int16, w []int32) int {
	s := 0
	for i := 0; i < len(bs); i++ {
		bs[i] += byte(i)
		small[i] -= int16(bs[i])
		w[i] ^= int32(small[i]) << 3
		s += int(w[i])
	}
	return s
}

func dot(a, b []float64, n int) float64 {
	t := 0.0
	for i := 0; i < n; i++ {
		t += a[i] * b[n-1-i]
		a[i] = a[i]*0.5 + 0.25
	}
	return t
}

func prefix(rows [][]int) int {
	t := 0
	for r := 1; r < len(rows); r++ {
		for c := 1; c < len(rows[r]); c++ {
			rows[r][c] = (rows[r-1][c] + rows[r][c-1] - rows[r-1][c-1] + r*c) & 0xffff
			t += rows[r][c]
		}
	}
	return t
}

func main() {
	a, b, c, idx := make([]int, N), make([]int, N), make([]int, N), make([]int, N)
	bs, small, w := make([]byte, N), make([]int16, N), make([]int32, N)
	fa, fb := make([]float64, N), make([]float64, N)
	var rows [][]int
	for r := 0; r < 48; r++ {
		rows = append(rows, make([]int, 64))
	}
	for i := 0; i < N; i++ {
		a[i], b[i], idx[i] = i*3, N-i, (i*37+11)%N
		fa[i], fb[i] = float64(i)/N, float64(N-i)/N
	}
	s, f := 0, 0.0
	for k := 0; k < SIZE; k++ {
		j := k & (N - 1)
		gather(c, a, b, idx)
		smooth(b, c)
		s = (s + bytesum(bs, small, w) + b[j] + prefix(rows)) & 0xffffffff
		f += dot(fa, fb, N-j)
	}
	fmt.Println("bounds", s, int(f*1000))
}
