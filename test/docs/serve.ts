/**
 * Starts what a document has a person start in a window of its own, and ends once it has told its address: its first
 * lines are printed, and `started.jsonl` has its process and address.
 */
import { spawn } from 'node:child_process'
import { appendFileSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'

const [command, ...args] = process.argv.slice(2)
const log = join(process.env.HOME!, `window-${process.pid}.log`)
const out = openSync(log, 'w')
const child = spawn(command!, args, { detached: true, stdio: ['ignore', out, out] })
const lines = () => readFileSync(log, 'utf8')
const addressOf = () => /https?:\/\/[\w.[\]:-]+:\d+/.exec(lines())?.[0]

while (!addressOf() && child.exitCode === null) await after(20)
process.stdout.write(lines())
const told = { pid: child.pid, command: process.argv.slice(2).join(' '), url: addressOf() }
appendFileSync(join(process.env.HOME!, 'started.jsonl'), `${JSON.stringify(told)}\n`)
process.exit(child.exitCode === null ? 0 : 1)
