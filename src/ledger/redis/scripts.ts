import { hash } from 'node:crypto'

/** A script, and the name by which Redis knows it once it was loaded. */
export interface Script {
  lua: string
  sha: string
  /** Whether it belongs to the memory: then its first two arguments are the holder, and when its memory begins if new. */
  remembers: boolean
}

/**
 * Begins the memory of a part anew if who holds it now (`line.ts`) is not who wrote it. Whoever holds it may have lost
 * what was written last.
 */
const ERA = `
local era = redis.call('GET', KEYS[1])
if not era or string.sub(era, 1, 40) ~= ARGV[1] then
  era = ARGV[1] .. ARGV[2]
  redis.call('SET', KEYS[1], era)
end`

/** KEYS: era. ARGV: holder, the beginning of its memory if it is new. Returns the beginning of its memory. */
export const begin = script(
  `${ERA}
return string.sub(era, 41)`,
  true,
)

/**
 * KEYS: era, the site's revision, and ids. ARGV: holder, the beginning of its memory if it is new, the revision as the
 * askers know it ('' if there is no site), and for each id when it was given out, and for how long it is remembered.
 * Returns a digit for each id: 0 spent, 1 again, 2 outdated, 3 forgotten.
 */
export const spend = script(
  `${ERA}
if ARGV[3] ~= '' then
  local known = redis.call('GET', KEYS[2])
  if not known or string.sub(known, 1, 40) ~= ARGV[1] or tonumber(string.sub(known, 41)) > tonumber(ARGV[3]) then
    return string.rep('2', #KEYS - 2)
  end
end
local begun = tonumber(string.sub(era, 41))
local said = {}
for i = 3, #KEYS do
  local issued, life = ARGV[2 * i - 2], ARGV[2 * i - 1]
  if tonumber(issued) < begun then
    said[#said + 1] = '3'
  elseif redis.call('SET', KEYS[i], '', 'NX', 'PX', life) then
    said[#said + 1] = '0'
  else
    said[#said + 1] = '1'
  end
end
return table.concat(said)`,
  true,
)

/** KEYS: era, the site's revision. ARGV: holder, the beginning of its memory if it is new, revision, its life. */
export const announce = script(
  `${ERA}
local known = redis.call('GET', KEYS[2])
if known and string.sub(known, 1, 40) == ARGV[1] then
  local revision = tonumber(string.sub(known, 41))
  if revision >= tonumber(ARGV[3]) then
    if revision == tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[2], ARGV[4]) end
    return 0
  end
end
redis.call('SET', KEYS[2], ARGV[1] .. ARGV[3], 'PX', ARGV[4])
return 1`,
  true,
)

/**
 * A count-min sketch with conservative update (`sketch.ts`), in strings of doubles.
 *
 * KEYS: the cells of this epoch, and of the former. ARGV: where the four cells are, what is added, what a former cell is
 * worth now, the bytes of all cells, for how long they are kept. A cell of this epoch that is 0 was not written yet: then
 * it is what it was in the former.
 */
export const count = script(
  `
local mine, least, missing = {}, math.huge, false
for i = 1, 4 do
  local from = tonumber(ARGV[i])
  local bytes = redis.call('GETRANGE', KEYS[1], from, from + 7)
  local value = 0
  if bytes == '' then missing = true else value = struct.unpack('<d', bytes) end
  if value == 0 then
    bytes = redis.call('GETRANGE', KEYS[2], from, from + 7)
    if bytes ~= '' then value = struct.unpack('<d', bytes) * tonumber(ARGV[6]) end
  end
  mine[i] = value
  if value < least then least = value end
end
local add = tonumber(ARGV[5])
local counted = least + add
if add > 0 then
  if missing then
    redis.call('SETRANGE', KEYS[1], tonumber(ARGV[7]) - 1, '\\0')
    redis.call('PEXPIRE', KEYS[1], ARGV[8])
  end
  local bytes = struct.pack('<d', counted)
  for i = 1, 4 do
    if mine[i] < counted then redis.call('SETRANGE', KEYS[1], ARGV[i], bytes) end
  end
end
return string.format('%.17g', counted)`,
  false,
)

export const SCRIPTS: readonly Script[] = [begin, spend, announce, count]

function script(lua: string, remembers: boolean): Script {
  return { lua, sha: hash('sha1', lua), remembers }
}
