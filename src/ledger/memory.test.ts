import { ledgerContract } from './ledger.contract.ts'
import { memoryLedger } from './memory.ts'

ledgerContract('memory', async (now) => memoryLedger(now))
