// Sends with an unmodified SDK: node send.mjs SDK URL KEY EVENT COUNT GZIP
import { createRequire } from 'node:module'

const [sdk, url, key, event, count, gzip] = process.argv.slice(2)
const load = createRequire(process.cwd() + '/')
const numbers = [...Array(Number(count)).keys()]
const said = n => ({ n, name: 'آرش', price: 19.99, products: [{ product_id: 'p1', quantity: n }] })

const senders = {
  async segment() {
    const { Analytics } = load('@segment/analytics-node')
    const analytics = new Analytics({ writeKey: key, host: url, flushAt: 10, flushInterval: 200, maxRetries: 20 })
    for (const n of numbers) analytics.track({ userId: `u${n}`, event, properties: said(n) })
    await analytics.closeAndFlush({ timeout: 60000 })
  },
  async rudder() {
    const found = load('@rudderstack/rudder-sdk-node')
    const Analytics = found.default ?? found
    const analytics = new Analytics(key, { dataPlaneUrl: url, flushAt: 10, flushInterval: 200, gzip: gzip === '1' })
    const sent = numbers.map(n => new Promise((done, failed) =>
      analytics.track({ userId: `u${n}`, event, properties: said(n) }, error => error ? failed(error) : done())))
    await Promise.all(sent)
  },
  async posthog() {
    const { PostHog } = load('posthog-node')
    const client = new PostHog(key, {
      host: url, flushAt: 10, flushInterval: 200, fetchRetryCount: 20, fetchRetryDelay: 300, disableCompression: gzip !== '1'
    })
    for (const n of numbers) client.capture({ distinctId: `u${n}`, event, properties: said(n) })
    await client.shutdown(60000)
  },
  async jitsu() {
    const { jitsuAnalytics } = load('@jitsu/js')
    const analytics = jitsuAnalytics({ host: url, writeKey: `${key}:secret` })
    for (const n of numbers) {
      await analytics.identify(`u${n}`).catch(() => {})
      await analytics.track(event, said(n)).catch(() => {})
    }
  }
}

await senders[sdk]()
process.exit(0)
