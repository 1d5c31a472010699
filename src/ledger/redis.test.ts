import { afterAll, beforeAll } from 'vitest'
import { type RedisProcess, startRedis } from '../../test/support/redis.ts'
import { ledgerContract } from './ledger.contract.ts'
import { redisLedger } from './redis.ts'

/** As short as can be, since each test begins with an empty Redis. */
const SKEW_MS = 5

let redis: RedisProcess
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis?.close())

ledgerContract('Redis', async (now) => {
  redis.ask('FLUSHALL')
  return redisLedger(redis.url, { now, skewMs: SKEW_MS })
})
