-- Twin of fib.vot: the same recursion.
local size = tonumber(arg[1]) or 39

local function fib(n)
	if n < 2 then
		return n
	end
	return fib(n - 1) + fib(n - 2)
end

print("fib " .. fib(size))
