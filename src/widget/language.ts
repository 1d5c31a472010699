/**
 * The languages the widget speaks, by their names in BCP 47: each has a file in `words/`, here and in each kind's
 * folder. `pt` is Brazil's, `sr` Cyrillic, `zh` simplified, as they are without more; the others say so.
 */
export const LANGUAGES =
  'af,ar,az,be,bg,bn,bs,ca,cs,cy,da,de,el,en,es,et,eu,fa,fi,fil,fr,ga,gl,gu,he,hi,hr,hu,hy,id,is,it,ja,ka,kk,ko,lt,lv,mk,mn,mr,ms,nb,ne,nl,pa,pl,pt,pt-PT,ro,ru,sk,sl,sq,sr,sr-Latn,sv,sw,ta,te,th,tr,uk,ur,uz,vi,zh,zh-Hant'.split(
    ',',
  )

/**
 * Chooses a language: the first tag that names one of ours. Scripts count, countries do not, except for what they say
 * about the script: those who write `zh-TW` read the traditional one. Portuguese alone is two.
 *
 * @param tags in order of preference, such as `['de-AT', 'en']`
 */
export function lookup(tags: readonly (string | null | undefined)[]): string {
  for (const tag of tags) {
    try {
      // The founding One Captcha's name for Korean is a country's; those who write `no` or `nn` read `nb`; `zh-yue` is
      // now `yue`.
      const wanted = written(
        tag!
          .trim()
          .replace(/_/g, '-')
          .replace(/^kr\b/i, 'ko')
          .replace(/^n[no]\b/i, 'nb')
          .replace(/^zh-(?=[a-z]{3}\b)/i, ''),
      )
      // To read all of them takes milliseconds, and a browser may name many that are none of ours.
      // biome-ignore lint/suspicious/noAssignInExpressions: a statement more would weigh more in every page.
      const found = LANGUAGES.find((one) => (read[one] ??= written(one)) === wanted)
      if (found) return found
    } catch {
      // No tag, or none that can be read.
    }
  }
  return 'en'
}

/** Ours, as they are read. */
const read: Record<string, string | true> = {}

/** A language as it is read: tags that agree in this are one to us. Old names, such as `iw`, are known as well. */
function written(tag: string) {
  const { language, script, region } = new Intl.Locale(tag).maximize()
  // Those who speak another Chinese than Mandarin read the traditional script, too.
  return script === 'Hant' || language + script + (language === 'pt' && region !== 'BR')
}
