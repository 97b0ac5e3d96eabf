"""What a browser of another machine sees before it is paired: one page that needs nothing else."""

from base64 import b64encode
from hashlib import sha256

from starlette.responses import HTMLResponse

_SCRIPT = """
document.getElementById('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const code = document.getElementById('code').value.trim();
  const said = document.getElementById('said');
  try {
    const answer = await fetch('/pair', {method: 'POST', body: JSON.stringify({code}),
      headers: {'content-type': 'application/json'}});
    if (answer.ok) { location.replace('/'); } else { said.textContent = await answer.text(); }
  } catch { said.textContent = 'Hitpoint does not answer.'; }
});
"""
_STYLE = """
:root { color-scheme: light dark; }
body { font: 1.125rem system-ui, sans-serif; max-width: 30rem; margin: 4rem auto; padding: 0 1rem; }
input, button { font: inherit; padding: .5rem .75rem; }
#code { width: 8em; letter-spacing: .2em; }
#said { min-height: 1.5em; }
"""
_PAGE = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pair with Hitpoint</title><style>{_STYLE}</style></head>
<body><main><h1>Pair with Hitpoint</h1>
<p>On the computer that Hitpoint runs on, <code>hitpoint status</code> tells a code of six digits.</p>
<form id="form"><label for="code">Code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6" required autofocus>
<button>Pair</button></form><p id="said" role="alert"></p></main><script>{_SCRIPT}</script></body></html>
"""


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


_POLICY = (
    f"default-src 'none'; script-src {_hash(_SCRIPT)}; style-src {_hash(_STYLE)}; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def pairing_page() -> HTMLResponse:
    """The page, with a policy that allows its own script and style and nothing else."""
    return HTMLResponse(_PAGE, headers={"content-security-policy": _POLICY})
