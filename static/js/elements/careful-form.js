/**
 * Around a form: one submission only, and a question before typed text is lost.
 * <careful-form data-unsaved>: also warns when the page is left with changes.
 */
const AGAIN_AFTER = 8000;

class CarefulForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.form.addEventListener("submit", (event) => this.onSubmit(event));
    this.form.addEventListener("input", () => (this.changed = true));
    addEventListener("beforeunload", (event) => {
      if (this.changed && this.hasAttribute("data-unsaved")) event.preventDefault();
    });
    addEventListener("pageshow", () => this.release());
  }

  onSubmit(event) {
    if (this.sent) {
      event.preventDefault();
      return;
    }
    this.sent = true;
    this.changed = false;
    this.form.setAttribute("aria-busy", "true");
    // A download or a failed connection leaves the page standing: let it be sent again.
    setTimeout(() => this.release(), AGAIN_AFTER);
  }

  release() {
    this.sent = false;
    this.form.removeAttribute("aria-busy");
  }
}

customElements.define("careful-form", CarefulForm);
