"""What of revisions the public reads: what was wrong, what is hidden, who chose to be named."""

import django.db.models.deletion
import meetings.models.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0023_public_package'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='revision',
            options={'default_permissions': ['view'], 'ordering': ['-made_at', '-pk'], 'permissions': [('hide_revision', 'Can hide revisions from the public')]},
        ),
        migrations.AddField(
            model_name='revision',
            name='hidden_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='revision',
            name='hidden_because',
            field=models.TextField(blank=True, db_default='', help_text='The public reason why the public may not read it.'),
        ),
        migrations.AddField(
            model_name='revision',
            name='hidden_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revisions_hidden', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='revision',
            name='was_wrong',
            field=models.TextField(blank=True, db_default='', help_text='What was wrong until then, where it is a correction.'),
        ),
        migrations.CreateModel(
            name='PublicName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', meetings.models.fields.LineField(help_text='Stands in public beside each change that you made and make. Empty: no name.', max_length=100)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='public_name', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': [],
            },
        ),
        ]
