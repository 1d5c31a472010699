import { protect } from 'one-captcha/nuxt'

const {
  secret,
  public: { service },
} = useRuntimeConfig()

export default defineEventHandler(
  protect(async (event) => ({ welcome: (await readBody(event)).who }), {
    service,
    secret,
    action: 'join',
  }),
)
