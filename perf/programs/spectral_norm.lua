-- Twin of spectral_norm.vot: tables of floats, one call for each element of the matrix.
local size = tonumber(arg[1]) or 1400

-- The element in row i and column j, both counted from 1 as in the tables.
local function a(i, j)
	return 1.0 / ((i + j - 2) * (i + j - 1) // 2 + i)
end

local function multiply(v, out)
	for i = 1, #out do
		local sum = 0.0
		for j = 1, #v do
			sum = sum + a(i, j) * v[j]
		end
		out[i] = sum
	end
end

local function multiply_transposed(v, out)
	for i = 1, #out do
		local sum = 0.0
		for j = 1, #v do
			sum = sum + a(j, i) * v[j]
		end
		out[i] = sum
	end
end

local u, v, t = {}, {}, {}
for i = 1, size do
	u[i], v[i], t[i] = 1.0, 0.0, 0.0
end
for _ = 1, 10 do
	multiply(u, t)
	multiply_transposed(t, v)
	multiply(v, t)
	multiply_transposed(t, u)
end
local vbv, vv = 0.0, 0.0
for i = 1, size do
	vbv = vbv + u[i] * v[i]
	vv = vv + v[i] * v[i]
end
print(string.format("%.9f", math.sqrt(vbv / vv)))
