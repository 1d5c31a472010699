import { hash } from 'node:crypto'

/** A script, and the name by which Redis knows it once it was loaded. */
export interface Script {
  lua: string
  sha: string
  /** Whether it belongs to the memory: then its first two arguments are the holder, and when its memory begins if new. */
  remembers: boolean
}

/**
 * Says when the memory of a part begins: anew, if who holds it now (`holder.ts`) is not who wrote it. Whoever holds it may
 * have lost what was written last.
 */
const BEGUN = `
local function begunOf(key)
  local era = redis.call('GET', key)
  if not era or string.sub(era, 1, 40) ~= ARGV[1] then
    era = ARGV[1] .. ARGV[2]
    redis.call('SET', key, era)
  end
  return string.sub(era, 41)
end
local function revisionOf(key)
  local known = redis.call('GET', key)
  return known and string.sub(known, 1, 40) == ARGV[1] and tonumber(string.sub(known, 41))
end`

/** KEYS: era. ARGV: holder, the beginning of its memory if it is new. Returns the beginning of its memory. */
export const begin = script(
  `${BEGUN}
return begunOf(KEYS[1])`,
  true,
)

/**
 * KEYS, three for each claim: era, the site's revision (any, if there is no site), id. ARGV: holder, the beginning of its
 * memory if it is new; and four for each claim: the revision as the asker knows it ('' if there is no site), when the id
 * was given out, until when it is remembered, and the asker's mark ('' for none). Returns a digit for each: 0 spent,
 * 1 again, 2 outdated, 3 forgotten, 4 repeated.
 *
 * Until when, Redis's own clock says: by that of a node which is late, as after its machine was suspended, an id that was
 * spent and forgotten since would be good again.
 */
export const spend = script(
  `${BEGUN}
local eras, revisions, said = {}, {}, {}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 1, #KEYS, 3 do
  local era, site, id = KEYS[i], KEYS[i + 1], KEYS[i + 2]
  local at = 3 + (i - 1) / 3 * 4
  local wanted, mark = ARGV[at], ARGV[at + 3]
  if not eras[era] then eras[era] = tonumber(begunOf(era)) end
  if wanted ~= '' and revisions[site] == nil then revisions[site] = revisionOf(site) or false end
  local answer = '1'
  if wanted ~= '' and not (revisions[site] and revisions[site] <= tonumber(wanted)) then
    answer = '2'
  elseif tonumber(ARGV[at + 1]) < eras[era] or tonumber(ARGV[at + 2]) <= now then
    answer = '3'
  elseif redis.call('SET', id, mark, 'NX', 'PX', ARGV[at + 2] - now) then
    answer = '0'
  elseif mark ~= '' and redis.call('GET', id) == mark then
    answer = '4'
  end
  said[#said + 1] = answer
end
return table.concat(said)`,
  true,
)

/** KEYS: era, the site's revision. ARGV: holder, the beginning of its memory if it is new, revision, its life. */
export const announce = script(
  `${BEGUN}
begunOf(KEYS[1])
local known = revisionOf(KEYS[2])
if known and known >= tonumber(ARGV[3]) then
  if known == tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[2], ARGV[4]) end
  return 0
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
