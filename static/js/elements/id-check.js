/** 중복확인 without leaving the page (S34). The server checks again when the form is sent. */
class IdCheck extends HTMLElement {
  connectedCallback() {
    this.control = this.querySelector("input");
    this.status = this.querySelector("[role=status]");
    this.querySelector("button").addEventListener("click", (event) => {
      event.preventDefault();
      this.check();
    });
    this.control.addEventListener("input", () => this.say("", null));
  }

  async check() {
    const asked = this.control.value.trim();
    if (!asked) {
      this.say("아이디를 먼저 입력해 주십시오.", false);
      this.control.focus();
      return;
    }
    this.say("확인하고 있습니다.", null);
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    // By POST: the server notes the ID as checked, and it stays out of addresses and logs.
    const answer = await fetch(this.dataset.url, {
      method: "POST",
      body: new URLSearchParams({ id: asked }),
      headers: { "X-CSRFToken": token ? token.value : "", Accept: "application/json" },
    })
      .then((response) => response.json())
      .catch(() => null);
    if (this.control.value.trim() !== asked) return;
    if (!answer) this.say("확인하지 못했습니다. 잠시 뒤 다시 눌러 주십시오.", false);
    else this.say(answer.message, answer.available);
  }

  say(message, good) {
    this.status.textContent = message;
    this.status.classList.toggle("field__status--good", good === true);
    this.status.classList.toggle("field__status--bad", good === false);
  }
}

customElements.define("id-check", IdCheck);
