// Makes the card form pleasant: groups digits while they are typed, fills in test cards, and pays without leaving the
// page when something has to be corrected. Everything is checked by the server; without this file the form still works.

const form = document.querySelector('[data-card-form]')
if (form) enhance(form)

const waiting = document.querySelector('[data-waiting]')
if (waiting) void watch(waiting.dataset.waiting)

function enhance(form) {
  const { number, expiry, cvc } = form.elements
  number.addEventListener('input', () => regroup(number, groupNumber))
  expiry.addEventListener('input', (event) => {
    if (event.inputType !== 'deleteContentBackward') regroup(expiry, groupExpiry)
  })
  for (const input of [number, expiry, cvc]) input.addEventListener('input', () => say(form, input.name, ''))
  for (const button of document.querySelectorAll('[data-fill]')) {
    button.addEventListener('click', (event) => {
      event.preventDefault()
      fill(form, button.value)
    })
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void pay(form)
  })
}

function fill(form, value) {
  const { number, expiry, cvc } = form.elements
  number.value = value
  expiry.value = `12 / ${String((new Date().getFullYear() + 4) % 100).padStart(2, '0')}`
  cvc.value = '123'
  for (const name of ['number', 'expiry', 'cvc']) say(form, name, '')
  alert(form, '')
  form.querySelector('[data-pay]').focus()
}

async function pay(form) {
  const button = form.querySelector('[data-pay]')
  const label = button.querySelector('[data-label]')
  if (button.getAttribute('aria-disabled') === 'true') return
  const rest = label.textContent
  button.setAttribute('aria-disabled', 'true')
  label.textContent = 'Asking the bank…'
  alert(form, '')
  const answer = await ask(form)
  if (answer.kind === 'redirect') {
    location.assign(answer.url)
    return
  }
  button.removeAttribute('aria-disabled')
  label.textContent = rest
  for (const name of ['number', 'expiry', 'cvc']) say(form, name, answer.errors?.[name] ?? '')
  if (answer.refusal) alert(form, answer.refusal)
  form.querySelector('[aria-invalid="true"]')?.focus()
}

async function ask(form) {
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(new FormData(form)),
    })
    return await response.json()
  } catch {
    return {
      kind: 'refused',
      refusal: 'The bank did not answer. Check your connection and try once more: you will not be charged twice.',
    }
  }
}

function say(form, name, text) {
  form.querySelector(`[data-error="${name}"]`).textContent = text
  if (text) form.elements[name].setAttribute('aria-invalid', 'true')
  else form.elements[name].removeAttribute('aria-invalid')
}

function alert(form, text) {
  const place = form.querySelector('[data-alert]')
  place.textContent = text
  place.hidden = text === ''
}

// Keeps the caret behind the digit it stood behind.
function regroup(input, group) {
  const digitsBefore = input.value.slice(0, input.selectionStart).replace(/\D/g, '').length
  const atEnd = input.selectionStart === input.value.length
  input.value = group(input.value.replace(/\D/g, ''))
  if (atEnd) return
  let caret = 0
  for (let seen = 0; seen < digitsBefore && caret < input.value.length; caret += 1) {
    if (/\d/.test(input.value[caret])) seen += 1
  }
  input.setSelectionRange(caret, caret)
}

function groupNumber(digits) {
  const sizes = /^3[47]/.test(digits) ? [4, 6, 5] : [4, 4, 4, 4, 3]
  const groups = []
  let at = 0
  for (const size of sizes) {
    if (at < digits.length) groups.push(digits.slice(at, at + size))
    at += size
  }
  return groups.join(' ')
}

function groupExpiry(digits) {
  const padded = /^[2-9]/.test(digits) ? `0${digits}` : digits
  return padded.length < 2 ? padded : `${padded.slice(0, 2)} / ${padded.slice(2, 6)}`
}

async function watch(url) {
  const answer = await fetch(url).then(
    (response) => response.json(),
    () => ({ url: null }),
  )
  if (answer.url) location.replace(answer.url)
  else setTimeout(() => void watch(url), 1000)
}
