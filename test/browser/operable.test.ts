import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Person } from './person.ts'
import { form, type Site } from './site.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let site: Site
beforeAll(async () => {
  stage = await openStage()
  site = stage.sites.puzzle
})
afterAll(() => stage?.close())

async function atPuzzle(options = {}): Promise<Person & { gap: number }> {
  const person = await stage.visit(site.page(form(site.sitekey)), options)
  await person.tick()
  return { ...person, gap: await person.puzzle() }
}

/** What has the focus, however deep: its name or its label. */
const focused = (page: Page) =>
  page.evaluate(() => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    return (
      element?.getAttribute('aria-label') ||
      element?.textContent?.trim() ||
      element?.getAttribute('name') ||
      element?.id ||
      ''
    )
  })

interface Node {
  role: string
  name: string
  value: unknown
  states: Record<string, unknown>
}

/** The page as assistive technology is told of it. */
async function tree(page: Page): Promise<Node[]> {
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  await session.detach()
  return nodes
    .filter((node) => !node.ignored)
    .map(({ role, name, value, properties = [] }) => ({
      role: role!.value,
      name: name?.value ?? '',
      value: value?.value,
      states: Object.fromEntries(properties.map((one) => [one.name, one.value.value])),
    }))
}

const only = (nodes: Node[], role: string) => nodes.filter((node) => node.role === role)

describe('the keyboard', () => {
  it('goes through box and panel in their order, and on to the page: it is never trapped', async () => {
    const { page } = await atPuzzle()
    const seen: string[] = [await focused(page)]
    for (let tabs = 0; tabs < 20 && !seen.includes('Join'); tabs++) {
      await page.keyboard.press('Tab')
      seen.push(await focused(page))
    }
    expect(seen).toEqual([
      'Position of the piece',
      ...['10 to the left', '1 to the left', 'Check', '1 to the right', '10 to the right'],
      ...['New picture', 'Skip puzzle and wait', 'Help', 'Close', 'Join'],
    ])
    const back: string[] = []
    for (let tabs = 0; tabs < 20 && !back.includes('who'); tabs++) {
      await page.keyboard.press('Shift+Tab')
      back.push(await focused(page))
    }
    expect(back.slice(0, 10)).toEqual(seen.slice(0, -1).reverse())
    expect(back.slice(10)).toEqual(['Terms', 'Privacy', 'box', 'who'])
  })

  it('sees where it is, at each step of the way', async () => {
    const { page, widget } = await atPuzzle()
    await page.getByLabel('Name').focus()
    for (let tabs = 0; tabs < 20; tabs++) {
      await page.keyboard.press('Tab')
      const name = await focused(page)
      if (name === 'Join') return
      const shown = await widget.evaluate((element) => {
        const at = element.shadowRoot!.activeElement!
        // What is only there for its function has its ring on what stands for it.
        const near = [at, ...at.parentElement!.querySelectorAll('*')]
        return near.some((one) => {
          const { outlineStyle, outlineWidth, opacity } = getComputedStyle(one)
          return outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2 && opacity !== '0'
        })
      })
      expect(shown, `${name} shows that it has the focus`).toBe(true)
    }
    throw new Error('The page’s own button was never reached.')
  })

  it('gets the focus back where it came from when the panel closes', async () => {
    const { page, panel, box } = await atPuzzle()
    await panel.getByRole('button', { name: 'Close' }).press('Enter')
    await panel.waitFor({ state: 'hidden' })
    expect(await box.evaluate((element) => element.matches(':focus'))).toBe(true)
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Privacy')
  })
})

describe('what is to be pressed', () => {
  it.each([
    ['at a desk', {}],
    ['on a phone', { viewport: { width: 320, height: 640 }, hasTouch: true }],
  ])('is large enough %s', async (_, options) => {
    const { widget } = await atPuzzle(options)
    const sizes = await widget.evaluate((element) => {
      const root = element.shadowRoot!
      const controls = root.querySelectorAll('[type=checkbox], button, a, .handle, .rail')
      return [...controls]
        .filter((one) => one.checkVisibility())
        .map((one) => {
          one.scrollIntoView({ block: 'center' })
          const { left, top, width, height } = one.getBoundingClientRect()
          const [x, y] = [left + width / 2, top + height / 2]
          /** How far a finger may be off in a direction and still press this. */
          const reach = (dx: number, dy: number) => {
            let far = 0
            while (far < 60 && one.contains(root.elementFromPoint(x + dx * far, y + dy * far)))
              far++
            return far
          }
          const name = one.getAttribute('aria-label') || one.textContent || one.className || one.id
          const least = Math.min(reach(1, 0) + reach(-1, 0), reach(0, 1) + reach(0, -1))
          return { name, tag: one.localName, least }
        })
    })
    expect(sizes.length).toBeGreaterThan(12)
    for (const { name, tag, least } of sizes)
      expect(least, name).toBeGreaterThanOrEqual(tag === 'a' ? 24 : 44)
  })
})

describe('assistive technology', () => {
  it('is told what each thing is', async () => {
    const { page, panel } = await atPuzzle()
    await panel.getByRole('button', { name: 'Help' }).click()
    const nodes = await tree(page)
    const [box] = only(nodes, 'checkbox')
    expect(box).toMatchObject({ name: 'I am human' })
    const [slider] = only(nodes, 'slider')
    expect(slider).toMatchObject({ name: 'Position of the piece' })
    expect(only(nodes, 'dialog')[0]!.name).toBe('Slide the piece into its gap')
    const [picture] = nodes.filter(({ role }) => role === 'image' || role === 'img')
    expect(picture!.name).toMatch(/^This is a captcha\..*“Skip puzzle and wait”/)
    expect(only(nodes, 'button').every(({ name }) => name.length > 2)).toBe(true)
    // The frame that does the work is nobody's business.
    expect(only(nodes, 'Iframe')).toEqual([])
  })

  it('is told where the piece is, and never how close', async () => {
    const { page, widget, slider, gap } = await atPuzzle()
    const max = Number(await slider.getAttribute('max'))
    const told = async () => {
      const [node] = only(await tree(page), 'slider')
      const panel = await widget.evaluate((element) => {
        const copy = element.shadowRoot!.querySelector('.panel')!.cloneNode(true) as Element
        return copy.outerHTML.replace(/\d+(\.\d+)?/g, '0')
      })
      return { value: node!.value, text: await slider.getAttribute('aria-valuetext'), panel }
    }
    const moved = async (to: number) => {
      await slider.focus()
      await slider.fill(String(to))
      return told()
    }
    const places = [1, gap - 40, gap - 7, gap - 6, gap, gap + 6, max].map((x) =>
      Math.min(max, Math.max(1, x)),
    )
    const heard = []
    for (const x of places) {
      const { value, text, panel } = await moved(x)
      expect(value).toBe(x)
      expect(text).toBe(`Piece at ${x} of ${max}`)
      heard.push(panel)
    }
    expect(new Set(heard).size, 'Nothing else in the panel changes').toBe(1)
  })

  it('hears of each turn once, in words', async () => {
    const person = await stage.visit(site.page(form(site.sitekey)))
    await person.box.waitFor()
    await person.widget.evaluate((element) => {
      const heard: string[] = []
      Object.assign(window, { heard })
      const say = () => {
        for (const live of element.shadowRoot!.querySelectorAll('[role=status], [role=alert]')) {
          const text = live.textContent!.trim()
          const last = live.getAttribute('data-last') ?? ''
          if (text === last) continue
          live.setAttribute('data-last', text)
          if (text) heard.push(`${live.getAttribute('role')}: ${text}`)
        }
      }
      new MutationObserver(say).observe(element.shadowRoot!, {
        subtree: true,
        childList: true,
        characterData: true,
      })
    })
    await person.tick()
    const gap = await person.puzzle()
    await person.press(gap > 150 ? gap - 60 : gap + 60)
    await person.check.press('Enter')
    await person.press(await person.puzzle())
    await person.check.press('Enter')
    await person.sees('success')
    const heard = await person.page.evaluate(() => (window as unknown as { heard: string[] }).heard)
    expect(heard.at(-1)).toBe('status: Thank you, all done.')
    expect(heard.filter((one) => one.startsWith('alert: Almost!'))).toHaveLength(1)
    expect(new Set(heard).size).toBeGreaterThan(2)
  })
})
