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

# A bucket is two times of the server's clock, in microseconds: when it is full again, and when it was last slowed to.
_BUCKET = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local full, slowed = 0, 0
for _, bucket in ipairs(KEYS) do
  local held = redis.call('GET', bucket)
  if held then
    local one, other = string.match(held, '^(%d+) (%d+)$')
    if one then full, slowed = math.max(full, tonumber(one)), math.max(slowed, tonumber(other)) end
  end
end
local function keep(full, slowed, lasting)
  local text = string.format('%.0f %.0f', full, slowed)
  for _, bucket in ipairs(KEYS) do redis.call('SET', bucket, text, 'PX', math.ceil(lasting / 1000)) end
end
"""

# The generic cell rate algorithm. KEYS: the bucket, under each secret. ARGV in microseconds: between two places, what
# the bucket holds beyond one place, what is to stay in it. How long to wait, 0 when the place is taken.
TAKE = (
    _BUCKET
    + """
local interval, slack, hold = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
-- No further ahead than it can get by itself: the settings may have changed, or the server's clock.
full = math.max(now, math.min(full, now + slack + interval))
-- A slowed bucket has one place at its time, and fills up from there.
if slowed > 0 then full = math.max(full, slowed + slack) end
local wait = full + hold - slack - now
if wait > 0 then return math.ceil(wait) end
keep(full + interval, 0, full + interval - now)
return 0
"""
)

# KEYS: the bucket, under each secret. ARGV in microseconds: how far from now its next place is, how long that is kept.
SLOW = (
    _BUCKET
    + """
slowed = math.max(slowed, now + ARGV[1])
keep(full, slowed, math.max(full, slowed + ARGV[2]) - now)
return 1
"""
)
