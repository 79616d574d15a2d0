// Twin of struct_copy.vot.
//
// @size 10000000
package main

import "fmt"

type V3 struct{ x, y, z float64 }
type Part struct {
	pos, vel V3
	id, age  int
}

func add(a, b V3) V3           { return V3{a.x + b.x, a.y + b.y, a.z + b.z} }
func scale(a V3, k float64) V3 { return V3{a.x * k, a.y * k, a.z * k} }
func step(p Part, dt float64) Part {
	p.pos = add(p.pos, scale(p.vel, dt))
	if p.pos.x > 10 || p.pos.x < -10 {
		p.vel.x = -p.vel.x
	}
	p.age++
	return p
}

func main() {
	ps := []Part{{V3{0, 0, 0}, V3{1, 2, 3}, 0, 0}, {V3{1, 1, 1}, V3{-1, 0.5, 0}, 1, 0}, {V3{5, 5, 5}, V3{2, -2, 0.25}, 2, 0}}
	for i := 0; i < SIZE; i++ {
		j := i % 3
		ps[j] = step(ps[j], 0.001)
		q := ps[(j+1)%3]
		q.id += i
		if q == ps[j] {
			fmt.Println("never")
		}
	}
	for _, p := range ps {
		fmt.Printf("%.6f %.6f %.6f %d\n", p.pos.x, p.pos.y, p.pos.z, p.age)
	}
}
