-- Twin of word_count.vot: a loop over bytes, words cut out of the text, counts in a table.
local repetitions = tonumber(arg[1]) or 60000
local byte, sub = string.byte, string.sub

local vocabulary = { "alpha", "beta", "gamma", "delta", "eps", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu" }

local function count(text, counts)
	local start
	for i = 1, #text do
		local c = byte(text, i)
		if c >= 97 and c <= 122 then
			if not start then
				start = i
			end
		elseif start then
			local word = sub(text, start, i - 1)
			counts[word] = (counts[word] or 0) + 1
			start = nil
		end
	end
	if start then
		local word = sub(text, start)
		counts[word] = (counts[word] or 0) + 1
	end
end

local text = ""
local x = 5
for _ = 1, 40 do
	x = (x * 17 + 3) % 101
	text = text .. vocabulary[x % #vocabulary + 1] .. " "
end
local counts = {}
for _ = 1, repetitions do
	count(text, counts)
end
local total = 0
for _, word in ipairs(vocabulary) do
	total = total * 3 + (counts[word] or 0)
end
local different = 0
for _ in pairs(counts) do
	different = different + 1
end
print("words " .. different .. " " .. total)
