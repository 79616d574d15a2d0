-- Twin of nbody.vot: one table with named fields for each body.
local steps = tonumber(arg[1]) or 1000000
local sqrt = math.sqrt

local function body(x, y, z, vx, vy, vz, m)
	return { x = x, y = y, z = z, vx = vx, vy = vy, vz = vz, m = m }
end

local function advance(bodies, dt)
	local n = #bodies
	for i = 1, n do
		local a = bodies[i]
		for j = i + 1, n do
			local b = bodies[j]
			local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
			local d2 = dx * dx + dy * dy + dz * dz + 0.01
			local mag = dt / (d2 * sqrt(d2))
			a.vx = a.vx - dx * b.m * mag
			a.vy = a.vy - dy * b.m * mag
			a.vz = a.vz - dz * b.m * mag
			b.vx = b.vx + dx * a.m * mag
			b.vy = b.vy + dy * a.m * mag
			b.vz = b.vz + dz * a.m * mag
		end
	end
	for i = 1, n do
		local a = bodies[i]
		a.x = a.x + dt * a.vx
		a.y = a.y + dt * a.vy
		a.z = a.z + dt * a.vz
	end
end

local function energy(bodies)
	local e = 0.0
	for i = 1, #bodies do
		local b = bodies[i]
		e = e + 0.5 * b.m * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz)
		for j = i + 1, #bodies do
			local c = bodies[j]
			local dx, dy, dz = b.x - c.x, b.y - c.y, b.z - c.z
			e = e - b.m * c.m / sqrt(dx * dx + dy * dy + dz * dz + 0.01)
		end
	end
	return e
end

local bodies = {
	body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 40.0),
	body(5.0, 0.0, 0.1, 0.0, 2.7, 0.2, 0.04),
	body(8.0, 4.0, -0.4, -1.0, 1.9, 0.0, 0.011),
	body(-12.0, -15.0, -0.2, 1.0, -0.8, 0.02, 0.002),
	body(15.0, -25.0, 0.2, 0.9, 0.6, -0.03, 0.002),
}
print(string.format("%.9f", energy(bodies)))
for _ = 1, steps do
	advance(bodies, 0.001)
end
print(string.format("%.9f", energy(bodies)))
