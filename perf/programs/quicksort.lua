-- Twin of quicksort.vot: the same partition and order of recursion, indices counted from 1.
local repetitions = tonumber(arg[1]) or 12
local N = 400000

local function sort_range(a, lo, hi)
	while lo < hi do
		local pivot = a[(lo + hi) // 2]
		local i, j = lo, hi
		while i <= j do
			while a[i] < pivot do
				i = i + 1
			end
			while a[j] > pivot do
				j = j - 1
			end
			if i <= j then
				a[i], a[j] = a[j], a[i]
				i = i + 1
				j = j - 1
			end
		end
		if j - lo < hi - i then
			sort_range(a, lo, j)
			lo = i
		else
			sort_range(a, i, hi)
			hi = j
		end
	end
end

local a = {}
for i = 1, N do
	a[i] = 0
end
local seed, total = 12345, 0
for _ = 1, repetitions do
	for i = 1, #a do
		seed = (seed * 1103515245 + 12345) & 0x7fffffff
		a[i] = seed >> 8
	end
	sort_range(a, 1, N)
	for i = 2, N do
		if a[i - 1] > a[i] then
			print("unsorted")
		end
	end
	total = total + a[N // 2 + 1] + a[1] + a[N]
end
print("quicksort " .. total)
