// Twin of nbody.vot.
//
// @size 3000000
package main

import (
	"fmt"
	"math"
)

type Body struct {
	x, y, z, vx, vy, vz, m float64
}

func advance(bs []Body, dt float64) {
	n := len(bs)
	for i := 0; i < n; i++ {
		for j := i + 1; j < n; j++ {
			dx := bs[i].x - bs[j].x
			dy := bs[i].y - bs[j].y
			dz := bs[i].z - bs[j].z
			d2 := dx*dx + dy*dy + dz*dz + 0.01
			mag := dt / (d2 * math.Sqrt(d2))
			bs[i].vx -= dx * bs[j].m * mag
			bs[i].vy -= dy * bs[j].m * mag
			bs[i].vz -= dz * bs[j].m * mag
			bs[j].vx += dx * bs[i].m * mag
			bs[j].vy += dy * bs[i].m * mag
			bs[j].vz += dz * bs[i].m * mag
		}
	}
	for i := 0; i < n; i++ {
		bs[i].x += dt * bs[i].vx
		bs[i].y += dt * bs[i].vy
		bs[i].z += dt * bs[i].vz
	}
}

func energy(bs []Body) (e float64) {
	for i, b := range bs {
		e += 0.5 * b.m * (b.vx*b.vx + b.vy*b.vy + b.vz*b.vz)
		for j := i + 1; j < len(bs); j++ {
			c := bs[j]
			dx, dy, dz := b.x-c.x, b.y-c.y, b.z-c.z
			e -= b.m * c.m / math.Sqrt(dx*dx+dy*dy+dz*dz+0.01)
		}
	}
	return
}

func main() {
	bs := []Body{{0, 0, 0, 0, 0, 0, 40}, {5, 0, 0.1, 0, 2.7, 0.2, 0.04}, {8, 4, -0.4, -1, 1.9, 0, 0.011}, {-12, -15, -0.2, 1, -0.8, 0.02, 0.002}, {15, -25, 0.2, 0.9, 0.6, -0.03, 0.002}}
	fmt.Printf("%.9f\n", energy(bs))
	for i := 0; i < SIZE; i++ {
		advance(bs, 0.001)
	}
	fmt.Printf("%.9f\n", energy(bs))
}
