import { afterAll, beforeAll, describe } from 'vitest'
import {
  type Cluster,
  type RedisProcess,
  type Sentinels,
  startCluster,
  startRedis,
  startSentinels,
} from '../../test/support/redis.ts'
import { ledgerContract } from './ledger.contract.ts'
import { redisLedger } from './redis.ts'

/** As short as can be, since each test begins with an empty Redis. */
const SKEW_MS = 5

describe('on one server', () => {
  let redis: RedisProcess
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis?.close())

  ledgerContract('Redis', async (now) => {
    redis.ask('FLUSHALL')
    return redisLedger(redis.url, { now, skewMs: SKEW_MS })
  })
})

describe('with Sentinel, and a replica that must have what is spent', () => {
  let sentinels: Sentinels
  beforeAll(async () => {
    sentinels = await startSentinels()
  })
  afterAll(() => sentinels?.close())

  ledgerContract('Redis', async (now) => {
    sentinels.master().ask('FLUSHALL')
    return redisLedger(sentinels.url, { now, skewMs: SKEW_MS, replicas: 1 })
  })
})

describe('in a cluster', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster?.close())

  ledgerContract('Redis', async (now) => {
    for (const master of cluster.masters()) master.ask('FLUSHALL')
    return redisLedger(cluster.url, { now, skewMs: SKEW_MS })
  })
})
