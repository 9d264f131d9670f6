-- Take a message out of its outbox. KEYS: outbox. ARGV: its name.
for _, item in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if string.sub(item, 1, #ARGV[1] + 1) == ARGV[1] .. ':' then redis.call('LREM', KEYS[1], 1, item) end
end
return 1
