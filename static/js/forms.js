// Pages with forms: {% block scripts %}<script type="module" src="{% static 'js/forms.js' %}"></script>
import "./elements/error-summary.js";
import "./elements/careful-form.js";
import "./elements/agree-all.js";
import "./elements/id-check.js";
import "./elements/password-meter.js";
import "./elements/file-list.js";
import "./elements/formset-repeat.js";
import "./elements/number-format.js";
import "./elements/hs-search.js";
import "./elements/mail-domain.js";
