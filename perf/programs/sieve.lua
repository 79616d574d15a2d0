-- Twin of sieve.vot: a table of booleans, filled before use because Lua's tables have no length of their own.
local repetitions = tonumber(arg[1]) or 16
local N = 4000000

local function sieve(n)
	local composite = {}
	for i = 1, n do
		composite[i] = false
	end
	local i = 2
	while i * i <= n do
		if not composite[i] then
			for j = i * i, n, i do
				composite[j] = true
			end
		end
		i = i + 1
	end
	local count, last = 0, 0
	for k = 2, n do
		if not composite[k] then
			count = count + 1
			last = k
		end
	end
	return count, last
end

local total = 0
for r = 0, repetitions - 1 do
	local count, last = sieve(N - r)
	total = total + count * 7 + last
end
print("sieve " .. total)
