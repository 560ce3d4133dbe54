"""Take out the columns of sources that ``read`` and ``ownership`` replaced."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0017_evidence_values")]

    operations = [
        migrations.RemoveField(
            model_name='source',
            name='checked',
        ),
        migrations.RemoveField(
            model_name='source',
            name='state_media',
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['', 'agreed', 'announced', 'proposed', 'carried_out', 'not_carried_out', 'withdrawn', 'no_outcome'])), name='outcome_state_is_known', violation_error_message='Choose one of: agreed, announced, proposed, carried_out, not_carried_out, withdrawn, no_outcome.'),
        ),
    ]
