"""Addresses of the staff's own screens; `members.wagtail_hooks` puts them under /admin/."""

from django.urls import path

from members.views.staff import (
    accounts,
    agencies,
    api_tokens,
    changes,
    joining,
    legal_texts,
    originals,
    outbox,
    papers,
    reasons,
    statistics,
)

app_name = "members_admin"
urlpatterns = [
    path("reason/", reasons.reason, name="reason"),
    path("joining/<uuid:uuid>/approve/", joining.approve, name="joining_approve"),
    path("joining/<uuid:uuid>/refuse/", joining.refuse, name="joining_refuse"),
    path("company-changes/<uuid:uuid>/decide/", changes.decide, name="change_decide"),
    path("companies/<uuid:uuid>/master/", changes.replace_master, name="company_master"),
    path("companies/<uuid:uuid>/suspend/", joining.suspend, name="company_suspend"),
    path("papers/<uuid:uuid>/", papers.download, name="paper"),
    path("papers/<uuid:uuid>/check/", papers.check, name="paper_check"),
    path("papers/<uuid:uuid>/mark/", papers.mark, name="paper_mark"),
    path("papers/<uuid:uuid>/destroy/", papers.destroy, name="paper_destroy"),
    path("originals/find/", originals.find, name="originals_find"),
    path("originals/<slug:code>/receive/", originals.receive, name="originals_receive"),
    path("originals/<slug:code>/hand-over/", originals.hand_over, name="originals_hand_over"),
    path("agencies/new/", agencies.create, name="agency_create"),
    path("agencies/<uuid:uuid>/", agencies.edit, name="agency_edit"),
    path("staff/new/", accounts.create, name="staff_create"),
    path("staff/<uuid:uuid>/role/", accounts.grant, name="staff_grant"),
    path("staff/<uuid:uuid>/revoke/", accounts.revoke, name="staff_revoke"),
    path("staff/<uuid:uuid>/password/", accounts.reset_password, name="staff_password"),
    path("staff/<uuid:uuid>/factor/", accounts.reset_factor, name="staff_factor"),
    path("staff/<uuid:uuid>/close/", accounts.close, name="staff_close"),
    path("api-tokens/new/", api_tokens.create, name="api_token_create"),
    path("api-tokens/<uuid:uuid>/revoke/", api_tokens.revoke, name="api_token_revoke"),
    path("legal-texts/new/", legal_texts.create, name="legal_create"),
    path("legal-texts/new/<uuid:uuid>/", legal_texts.create, name="legal_copy"),
    path("legal-texts/<uuid:uuid>/", legal_texts.edit, name="legal_edit"),
    path("legal-texts/<uuid:uuid>/publish/", legal_texts.publish, name="legal_publish"),
    path("statistics/new/", statistics.create, name="statistics_create"),
    path("statistics/<uuid:uuid>/request/", statistics.download, name="statistics_download"),
    path("statistics/<uuid:uuid>/result/", statistics.take_result, name="statistics_result"),
    path("outbox/<uuid:uuid>/resend/", outbox.resend, name="mail_resend"),
]
