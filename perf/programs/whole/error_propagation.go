// Twin of error_propagation.vot.
//
// @size 60000000
package main

import "fmt"

type textError struct{ text string }

func (e *textError) Error() string { return e.text }

var failure error = &textError{"failure"}

func level6(n int) (int, error) {
	if n&2047 == 2047 {
		return 0, failure
	}
	return n >> 1, nil
}

func level5(n int) (int, error) {
	v, err := level6(n + 1)
	if err != nil {
		return 0, err
	}
	return v + 5, nil
}

func level4(n int) (int, error) {
	v, err := level5(n ^ 4)
	if err != nil {
		return 0, err
	}
	return v - 4, nil
}

func level3(n int) (int, error) {
	v, err := level4(n + 3)
	if err != nil {
		return 0, err
	}
	return v*3 + n, nil
}

func level2(n int) (int, error) {
	v, err := level3(n >> 1)
	if err != nil {
		return 0, err
	}
	return v<<1 ^ n, nil
}

func level1(n int) (int, error) {
	v, err := level2(n & 65535)
	if err != nil {
		return 0, err
	}
	return v & 4095, nil
}

func main() {
	sum, failures := 0, 0
	for i := 0; i < SIZE; i++ {
		v, err := level1(i)
		if err != nil {
			failures++
		} else {
			sum += v
		}
	}
	fmt.Println("error_propagation", sum, failures)
}
