/** What the test put into the page. */
export const { sitekey } = window

/** Says something where the test looks: a line each. */
export function tell(what) {
  document.getElementById('told').textContent += `${what}\n`
}
