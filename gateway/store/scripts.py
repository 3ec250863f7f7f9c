"""What the server does in one step, in its own Lua. Sent whole each time: a server that has just begun, or forgotten
all, needs no other way in, and the user one permission less.

A thing has one key for each of our secrets, of which the first is written and all are looked at, so that replicas
between which the secrets are being changed still share.
"""

# KEYS: value and lease, under each secret. ARGV: token, takeover in ms, then the nonce of each value that was seen and
# found wanting. {which, value}: a value that was not seen yet. 1: the caller reads now. 0: somebody else does.
LOOK = """
for i = 1, #KEYS, 2 do
  local which = (i + 1) / 2
  local nonce = redis.call('GETRANGE', KEYS[i], 0, 11)
  if nonce ~= '' and nonce ~= ARGV[2 + which] then return {which, redis.call('GET', KEYS[i])} end
end
for i = 2, #KEYS, 2 do
  if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end
end
for i = 2, #KEYS, 2 do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
return 1
"""

# KEYS: the leases. ARGV: token, takeover in ms.
RENEW = """
for _, lease in ipairs(KEYS) do
  if redis.call('GET', lease) == ARGV[1] then redis.call('PEXPIRE', lease, ARGV[2]) end
end
return 1
"""

# KEYS: the leases. ARGV: token.
RELEASE = """
for _, lease in ipairs(KEYS) do
  if redis.call('GET', lease) == ARGV[1] then redis.call('DEL', lease) end
end
return 1
"""

# KEYS: the value, then the leases. ARGV: token, value, for how long in ms.
# Who has lost the lease gives nothing: another has read since, or the name was forgotten on purpose.
GIVE = """
local given = 1
for i = 2, #KEYS do
  if redis.call('GET', KEYS[i]) ~= ARGV[1] then given = 0 end
end
if given == 1 then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
for i = 2, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end
return given
"""

# KEYS: where a value may be. ARGV: its nonce. Not the value that another replica has put there since.
REMOVE = """
for _, name in ipairs(KEYS) do
  if redis.call('GETRANGE', name, 0, 11) == ARGV[1] then redis.call('UNLINK', name) end
end
return 1
"""

# A bucket is four times of the server's clock in microseconds, and a number: when it is full again; until when it is
# paused; when its rate is whole again; when the last place comes that an interactive read had to wait for; and how many
# such were reserved since the background had one. It goes by the rules, and the numbers, of the governor's own bucket.
# KEYS: the bucket, under each secret. ARGV in microseconds: between two places, what it holds beyond one place.
_BUCKET = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, slack = tonumber(ARGV[1]), tonumber(ARGV[2])
local held = {0, 0, 0, 0, 0}
for _, bucket in ipairs(KEYS) do
  local one = {string.match(redis.call('GET', bucket) or '', '^(%d+) (%d+) (%d+) (%d+) (%d+)$')}
  for i = 1, #one do held[i] = math.max(held[i], tonumber(one[i])) end
end
local full, paused, whole, pressed, passed = unpack(held)
-- No further ahead than a hundred replicas would get it: the settings may have changed, or the server's clock.
local minute = 60000000
paused, whole = math.min(paused, now + minute), math.min(whole, now + minute * 7 / 8)
local factor = 1 - math.max(0, whole - now) / minute
interval = interval / factor
full = math.max(now, math.min(full, math.max(now, paused) + slack + 100 * interval))
pressed = math.min(pressed, full)
local function keep()
  local text = string.format('%.0f %.0f %.0f %.0f %.0f', full, paused, whole, pressed, passed)
  local lasting = math.max(full, paused, whole, pressed + interval) - now
  for _, bucket in ipairs(KEYS) do redis.call('SET', bucket, text, 'PX', math.floor(lasting / 1000) + 1) end
end
"""

# The generic cell rate algorithm. ARGV besides: 1 for the background. {1 if the place is the caller's, how long until
# it comes or the caller asks again, how long the pause still is, until the rate is whole}.
# While interactive reads take every place, and one place longer, the background has one in ten.
TAKE = (
    _BUCKET
    + """
local wait, background = math.max(0, full - slack - now), ARGV[3] == '1'
local function told(reserved, wait)
  return {reserved, math.ceil(wait), math.ceil(math.max(0, paused - now)), math.ceil(math.max(0, whole - now))}
end
if background and now < pressed + interval and passed < 9 then
  return told(0, math.min(interval, pressed + interval - now))
end
if background then passed = 0 elseif wait > 0 then pressed, passed = now + wait, math.min(9, passed + 1) end
full = full + interval
keep()
return told(1, wait)
"""
)

# AWS throttled. ARGV besides: for how long nothing comes. Calls that were under way together halve the rate once.
SLOW = (
    _BUCKET
    + """
local over = now + ARGV[3]
if now >= paused then whole = now + (1 - math.max(1 / 8, factor / 2)) * minute end
full, paused = math.max(full, over + slack), math.max(paused, over)
keep()
return 1
"""
)
