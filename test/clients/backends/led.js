import { Socket } from 'node:net'

/**
 * Loaded before a backend's program: the vendors' names lead to a door of the service under test. Nothing else is replaced:
 * the client, TLS with the check of the name's certificate, and HTTP are what they are. No other host can be reached.
 */
const VENDORS = ['www.google.com', 'www.recaptcha.net', 'hcaptcha.com', 'challenges.cloudflare.com']
const { connect } = Socket.prototype

Socket.prototype.connect = function (options, ...rest) {
  if (Number(options?.port) !== 443) return connect.call(this, options, ...rest)
  if (!VENDORS.includes(options.host)) throw new Error(`${options.host} is not led anywhere.`)
  const door = { host: '127.0.0.1', port: Number(process.env.VENDORS_PORT) }
  return connect.call(this, { ...options, ...door }, ...rest)
}
