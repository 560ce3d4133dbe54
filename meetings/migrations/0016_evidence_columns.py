"""Add claims and the columns that say how texts were read, who was present, what was denied."""

import django.core.validators
import django.db.models.deletion
import meetings.models.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0015_import_lease'),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField(help_text='With gaps: 10, 20, 30.')),
                ('section', meetings.models.fields.LineField(blank=True, help_text='The heading that it stands under.', max_length=200)),
                ('text', meetings.models.fields.TextField(blank=True, help_text="One claim, in the record's words.")),
                ('assessment', models.CharField(blank=True, choices=[('accurate', 'Accurate'), ('imprecise', 'Imprecise'), ('incomplete', 'Incomplete'), ('incorrect', 'Incorrect'), ('opinion', 'Opinion')], max_length=10)),
                ('note', meetings.models.fields.ProseField(blank=True, help_text='Why it is not plainly accurate. Cite as [@slug].')),
            ],
            options={
                'ordering': ['source', 'order'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='account',
            name='account_finding_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='meeting',
            name='meeting_format_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='outcome',
            name='outcome_state_is_known',
        ),
        migrations.AddField(
            model_name='account',
            name='quotation',
            field=meetings.models.fields.TextField(blank=True, help_text='Words in the language spoken, at most 50, without quotation marks.'),
        ),
        migrations.AddField(
            model_name='account',
            name='quotation_language',
            field=meetings.models.fields.LineField(blank=True, help_text='The language of the words quoted: en, ru.', max_length=20, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$', 'Enter a language tag as in BCP 47: en, ru, sr-Latn, pt-BR.')]),
        ),
        migrations.AddField(
            model_name='account',
            name='quotation_source',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account_quotations', to='meetings.source'),
        ),
        migrations.AddField(
            model_name='account',
            name='translation',
            field=meetings.models.fields.TextField(blank=True, help_text='The quotation in English, where it is in another language.'),
        ),
        migrations.AddField(
            model_name='actor',
            name='other_names',
            field=meetings.models.fields.TextField(blank=True, help_text='Other spellings, and the name in its own script, with | between them.'),
        ),
        migrations.AddField(
            model_name='discussion',
            name='agreement',
            field=models.CharField(blank=True, choices=[('agree', 'Agree'), ('partly', 'Agree in part'), ('differ', 'Differ')], help_text='Whether the accounts agree; empty unless at least two state something.', max_length=6),
        ),
        migrations.AddField(
            model_name='participation',
            name='presence',
            field=models.CharField(blank=True, choices=[('talks', 'In the talks'), ('delegation', 'In the delegation'), ('announced', 'Announced')], help_text='In the room, with the delegation only, or announced for what was not held.', max_length=10),
        ),
        migrations.AddField(
            model_name='source',
            name='date_is',
            field=models.CharField(blank=True, choices=[('day', 'Day'), ('approximate', 'Approximate'), ('month', 'Month'), ('year', 'Year')], help_text='How exact the date of publication is.', max_length=11, verbose_name='date is'),
        ),
        migrations.AddField(
            model_name='source',
            name='origin',
            field=meetings.models.fields.LineField(blank=True, help_text='Who published it first, where the publisher only carries it.', max_length=200),
        ),
        migrations.AddField(
            model_name='source',
            name='ownership',
            field=models.CharField(blank=True, choices=[('state', 'State'), ('public_service', 'Public service'), ('private', 'Private'), ('party', 'Party')], help_text='Of the origin where there is one, else of the publisher; on the day of publication.', max_length=14),
        ),
        migrations.AddField(
            model_name='source',
            name='read',
            field=models.CharField(blank=True, choices=[('whole', 'Whole'), ('part', 'In part'), ('excerpt', 'In excerpt'), ('not_opened', 'Not opened')], help_text='How far the text was read, at its address or in a copy.', max_length=10),
        ),
        migrations.AddField(
            model_name='source',
            name='title_is',
            field=models.CharField(blank=True, choices=[('printed', 'Printed'), ('shortened', 'Shortened'), ('described', 'Described'), ('translated', 'Translated')], help_text="As printed, or in what way it is the record's own.", max_length=10, verbose_name='title is'),
        ),
        migrations.AlterField(
            model_name='account',
            name='finding',
            field=models.CharField(blank=True, choices=[('stated', 'Stated'), ('denied', 'Denied'), ('not_mentioned', 'Not mentioned'), ('no_account', 'No account published')], max_length=13),
        ),
        migrations.AlterField(
            model_name='meeting',
            name='format',
            field=models.CharField(choices=[('summit', 'Summit'), ('bilateral', 'Bilateral'), ('pull_aside', 'Pull-aside'), ('informal', 'Informal'), ('visit', 'Visit'), ('multilateral', 'Multilateral'), ('call', 'Call')], max_length=12),
        ),
        migrations.AlterField(
            model_name='outcome',
            name='state',
            field=models.CharField(blank=True, choices=[('agreed', 'Agreed'), ('announced', 'Announced'), ('proposed', 'Proposed'), ('carried_out', 'Carried out'), ('not_carried_out', 'Not carried out'), ('withdrawn', 'Withdrawn'), ('no_outcome', 'No outcome')], max_length=15),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('finding__in', ['', 'stated', 'denied', 'not_mentioned', 'no_account'])), name='account_finding_is_known', violation_error_message='Choose one of: stated, denied, not_mentioned, no_account.'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('quotation', ''), models.Q(('quotation_source__isnull', False), models.Q(('quotation_language', ''), _negated=True)), _connector='OR'), name='account_quotation_has_source_and_language', violation_error_message='A quotation needs its source and its language.'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('translation', ''), models.Q(('quotation', ''), _negated=True), _connector='OR'), name='account_translation_has_quotation', violation_error_message='A translation needs the quotation that it translates.'),
        ),
        migrations.AddConstraint(
            model_name='discussion',
            constraint=models.CheckConstraint(condition=models.Q(('agreement__in', ['', 'agree', 'partly', 'differ'])), name='discussion_agreement_is_known', violation_error_message='Choose one of: agree, partly, differ.'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ['summit', 'bilateral', 'pull_aside', 'informal', 'visit', 'multilateral', 'call'])), name='meeting_format_is_known', violation_error_message='Choose one of: summit, bilateral, pull_aside, informal, visit, multilateral, call.'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(('presence__in', ['', 'talks', 'delegation', 'announced'])), name='participation_presence_is_known', violation_error_message='Choose one of: talks, delegation, announced.'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('title_is__in', ['', 'printed', 'shortened', 'described', 'translated'])), name='source_title_is_is_known', violation_error_message='Choose one of: printed, shortened, described, translated.'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('date_is__in', ['', 'day', 'approximate', 'month', 'year'])), name='source_date_is_is_known', violation_error_message='Choose one of: day, approximate, month, year.'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('ownership__in', ['', 'state', 'public_service', 'private', 'party'])), name='source_ownership_is_known', violation_error_message='Choose one of: state, public_service, private, party.'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('read__in', ['', 'whole', 'part', 'excerpt', 'not_opened'])), name='source_read_is_known', violation_error_message='Choose one of: whole, part, excerpt, not_opened.'),
        ),
        migrations.AddField(
            model_name='claim',
            name='issues',
            field=models.ManyToManyField(blank=True, related_name='claims', to='meetings.issue'),
        ),
        migrations.AddField(
            model_name='claim',
            name='meetings',
            field=models.ManyToManyField(blank=True, related_name='claims', to='meetings.meeting'),
        ),
        migrations.AddField(
            model_name='claim',
            name='milestones',
            field=models.ManyToManyField(blank=True, related_name='claims', to='meetings.milestone'),
        ),
        migrations.AddField(
            model_name='claim',
            name='reactions',
            field=models.ManyToManyField(blank=True, related_name='claims', to='meetings.reaction'),
        ),
        migrations.AddField(
            model_name='claim',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claims', to='meetings.source'),
        ),
        migrations.AddField(
            model_name='claim',
            name='themes',
            field=models.ManyToManyField(blank=True, related_name='claims', to='meetings.theme'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(fields=('source', 'order'), name='claim_once_for_each_order', violation_error_message='There is already a claim with this order.'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('assessment__in', ['', 'accurate', 'imprecise', 'incomplete', 'incorrect', 'opinion'])), name='claim_assessment_is_known', violation_error_message='Choose one of: accurate, imprecise, incomplete, incorrect, opinion.'),
        ),
    ]
