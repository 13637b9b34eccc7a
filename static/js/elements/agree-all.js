/** One tick for all required consents; refusing one takes it back. The optional one stays (S26). */
class AgreeAll extends HTMLElement {
  connectedCallback() {
    const panel = this.querySelector("[data-agree-all]");
    this.tick = panel.querySelector("input");
    panel.hidden = false;
    this.tick.addEventListener("change", () => this.answerAll());
    this.addEventListener("change", (event) => {
      if (event.target !== this.tick) this.follow();
    });
    this.follow();
  }

  get required() {
    return [...this.querySelectorAll("fieldset[data-required]")].map((consent) =>
      consent.querySelector("input[type=radio]"),
    );
  }

  answerAll() {
    for (const agree of this.required) agree.checked = this.tick.checked;
  }

  follow() {
    this.tick.checked = this.required.every((agree) => agree.checked);
  }
}

customElements.define("agree-all", AgreeAll);
