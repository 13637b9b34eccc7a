/**
 * The log-in box of the main page. The page is cached whole and holds no token, so the form stands
 * in a template and asks for a token when somebody begins to use it; without scripts, or when no
 * token comes, the button leads to the log-in page.
 */
class LoginBox extends HTMLElement {
  connectedCallback() {
    const template = this.querySelector("template");
    if (!template || this.querySelector("form")) return;
    this.querySelector("p").remove();
    this.append(template.content.cloneNode(true));
    this.form = this.querySelector("form");
    this.form.addEventListener("focusin", () => this.prepare());
    this.form.addEventListener("submit", (event) => this.onSubmit(event));
  }

  prepare() {
    this.ready ??= fetch(this.dataset.tokenUrl, { headers: { Accept: "application/json" } })
      .then((response) => response.json())
      .then(({ token }) => {
        this.form.elements.csrfmiddlewaretoken.value = token;
      });
    return this.ready;
  }

  async onSubmit(event) {
    if (this.form.elements.csrfmiddlewaretoken.value) return;
    event.preventDefault();
    try {
      await this.prepare();
      this.form.submit();
    } catch {
      location.assign(this.form.action);
    }
  }
}

customElements.define("login-box", LoginBox);
