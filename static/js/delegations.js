// Fills in the government of a participant who is chosen: that of the person's country, which is to
// be changed where somebody was in the delegation of another. Without this script it is typed.
"use strict";
{
  const isOfParticipant = "select[name^=participations-][name$=-actor]";

  django.jQuery(document).on("select2:select", isOfParticipant, ({ target, params }) => {
    const government = target.closest("tr").querySelector("[name$=-government]");
    government.value ||= params.data.country ?? "";
  });
}
