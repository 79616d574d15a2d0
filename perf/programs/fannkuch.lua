-- Twin of fannkuch.vot: the same permutations in the same order, indices counted from 1, elements from 0.
local size = tonumber(arg[1]) or 10

local function run(n)
	local p, q, c = {}, {}, {}
	for i = 1, n do
		p[i], q[i], c[i] = i - 1, 0, 0
	end
	local sum, best, sign = 0, 0, 1
	while true do
		if p[1] ~= 0 then
			table.move(p, 1, n, 1, q)
			local flips = 0
			local k = q[1]
			while k ~= 0 do
				local i, j = 1, k + 1
				while i < j do
					q[i], q[j] = q[j], q[i]
					i = i + 1
					j = j - 1
				end
				flips = flips + 1
				k = q[1]
			end
			if flips > best then
				best = flips
			end
			sum = sum + sign * flips
		end
		if sign == 1 then
			p[1], p[2] = p[2], p[1]
			sign = -1
		else
			p[2], p[3] = p[3], p[2]
			sign = 1
			for i = 3, n do
				if c[i] < i - 1 then
					c[i] = c[i] + 1
					break
				end
				if i == n then
					return sum, best
				end
				c[i] = 0
				local t = p[1]
				for j = 1, i do
					p[j] = p[j + 1]
				end
				p[i + 1] = t
			end
		end
	end
end

if size > 0 then
	local sum, best = run(size)
	print("fannkuch " .. sum .. " " .. best)
end
