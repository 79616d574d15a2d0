-- Twin of closure_calls.vot: closures over their own variables.
local N = tonumber(arg[1]) or 30000000

local function adder(k)
	local total = 0
	return function(x)
		total = total + (x & k)
		return total
	end
end

local function apply(f, n, accumulator)
	for i = 0, n - 1 do
		accumulator = f(accumulator, i)
	end
	return accumulator
end

local a, b = adder(15), adder(7)
local s = 0
for i = 0, N - 1 do
	s = s ~ (a(i) + b(s))
end
local m = 3
s = s + apply(function(x, y)
	return (x * m + y) & 0xffffff
end, N, 1)
print("closure " .. s)
