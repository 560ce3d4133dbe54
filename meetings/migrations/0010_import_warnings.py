from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0009_participation_without_government")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="warning_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importrow",
            name="warnings",
            field=models.JSONField(default=list),
        ),
    ]
