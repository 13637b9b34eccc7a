"""Addresses of joining, logging in and my page (domain.md section 4)."""

from django.urls import path

from members.views import (
    join_company,
    joining,
    legal,
    login,
    my_account,
    my_page,
    papers,
    proofs,
    recovery,
    second_factor,
)
from members.views.display import display

app_name = "members"
urlpatterns = [
    path("display/", display, name="display"),
    path("login/", login.log_in, name="login"),
    path("login/code/", second_factor.ask, name="second_factor"),
    path("login/code/setup/", second_factor.set_up, name="second_factor_setup"),
    path("logout/", login.log_out, name="logout"),
    path("session/extend/", login.extend_session, name="session_extend"),
    path("join/terms/", joining.join_terms, name="join_terms"),
    path("join/verify/", joining.join_verify, name="join_verify"),
    path("join/company/", join_company.join_company, name="join_company"),
    path("join/done/", joining.join_done, name="join_done"),
    path("join/cancel/", joining.join_cancel, name="join_cancel"),
    path("join/id-check/", joining.id_check, name="id_check"),
    path("join/certificate-help/", proofs.no_install, name="no_install"),
    path("join/consent-form/", joining.consent_form, name="consent_form"),
    path("find/id/", recovery.find_id, name="find_id"),
    path("find/password/", recovery.find_password, name="find_password"),
    path("login/certificate/", proofs.login_by_certificate, name="login_certificate"),
    path("find/password/certificate/", proofs.reset_by_certificate, name="reset_certificate"),
    path("proof/challenge/", proofs.challenge, name="proof_challenge"),
    path("proof/answer/", proofs.answer, name="proof_answer"),
    path("find/password/<str:token>/", recovery.reset_password, name="reset_password"),
    path("legal/<str:kind>/", legal.legal, name="legal"),
    path("legal/<str:kind>/<str:version>/", legal.legal, name="legal_version"),
    path("my/", my_page.my, name="my"),
    path("my/membership/", my_page.membership, name="membership"),
    path("my/profile/", my_page.profile, name="profile"),
    path("my/products/", my_page.products, name="products"),
    path("my/figures/", my_page.figures, name="figures"),
    path("my/consents/", my_page.consents, name="consents"),
    path("my/people/", my_page.people, name="people"),
    path("my/papers/", papers.papers, name="papers"),
    path("my/papers/<uuid:uuid>/", papers.paper_download, name="paper_download"),
    path("my/sessions/", my_account.sessions, name="sessions"),
    path("my/sessions/<uuid:uuid>/end/", my_account.end_one_session, name="session_end"),
    path("my/second-factor/", second_factor.overview, name="second_factor_overview"),
    path("my/second-factor/codes/", second_factor.renew_codes, name="recovery_codes"),
    path("my/second-factor/off/", second_factor.off, name="second_factor_off"),
    path("my/password/", my_account.password_change, name="password_change"),
]
