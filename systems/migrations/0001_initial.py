import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('certificates', '0001_initial'),
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='System',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveBigIntegerField(default=1, editable=False)),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='updated')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('is_sender', models.BooleanField(default=False, verbose_name='sends to Digital Post')),
                ('is_recipient', models.BooleanField(default=False, verbose_name='receives from Digital Post')),
                ('is_default_recipient', models.BooleanField(default=False, editable=False, verbose_name='default recipient system')),
                ('service_protocol', models.CharField(choices=[('SMTP', 'SMTP'), ('SFTP', 'SFTP'), ('REST_PUSH', 'REST Push'), ('REST_PULL', 'REST Pull'), ('REST_PUBLISH_SUBSCRIBE', 'REST Publish/Subscribe'), ('AS4', 'AS4')], max_length=30, verbose_name='protocol')),
                ('endpoint', models.CharField(blank=True, max_length=500, verbose_name='messages are delivered to')),
                ('receipt_endpoint', models.CharField(blank=True, max_length=500, verbose_name='receipts are delivered to')),
                ('receipt_format', models.CharField(choices=[('MEMO', 'MeMo'), ('DP', 'DP'), ('DP2', 'DP2')], default='MEMO', max_length=10, verbose_name='format of receipts')),
                ('active_from', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='in service from')),
                ('active_to', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='in service until')),
                ('technical_contact_name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('technical_contact_email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('technical_contact_phone', models.CharField(blank=True, max_length=30, verbose_name='telephone')),
                ('business_contact_email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail of the business contact')),
                ('supplier', models.CharField(blank=True, max_length=200, verbose_name='vendor')),
                ('delegated_cvr', models.CharField(blank=True, max_length=8, validators=[django.core.validators.RegexValidator('\\A[0-9]{8}\\Z', 'Write the CVR number with 8 digits.')], verbose_name="the vendor's CVR number")),
                ('registry_id', models.UUIDField(blank=True, null=True, verbose_name='ID in Digital Post')),
                ('next_certificate_from', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='next certificate from')),
                ('ssh_username', models.CharField(blank=True, max_length=64, validators=[django.core.validators.RegexValidator('\\A[A-Za-z0-9][A-Za-z0-9._@-]*\\Z', 'Use only letters a–z, digits and . _ @ -, and begin with a letter or digit.')], verbose_name='user name')),
                ('sftp_host', models.CharField(blank=True, max_length=253, verbose_name='server')),
                ('sftp_port', models.PositiveIntegerField(default=22, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(65535)], verbose_name='port')),
                ('sftp_folder', models.CharField(blank=True, max_length=500, verbose_name='folder')),
                ('pinned_host_key', models.TextField(blank=True, editable=False, verbose_name='pinned key of the server')),
                ('smtp_relay_host', models.CharField(blank=True, max_length=253, verbose_name='mail relay')),
                ('smtp_relay_port', models.PositiveIntegerField(default=25, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(65535)], verbose_name='port of the relay')),
                ('certificate', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='systems', to='certificates.certificate', verbose_name='certificate')),
                ('next_certificate', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='next_systems', to='certificates.certificate', verbose_name='next certificate')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='systems', to='organisations.organisation')),
                ('ssh_key', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='systems', to='certificates.sshkey', verbose_name='SSH key')),
            ],
            options={
                'verbose_name': 'system',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('prefix', models.CharField(max_length=12)),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('created', models.DateTimeField()),
                ('removed_certificate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='certificates.certificate')),
                ('system', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='api_token', to='systems.system')),
            ],
            options={
                'verbose_name': 'API token',
            },
        ),
        migrations.CreateModel(
            name='AllowedIp',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('network', models.CharField(max_length=43, verbose_name='address or range')),
                ('system', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='allowed_ips', to='systems.system')),
            ],
            options={
                'verbose_name': 'allowed address',
                'ordering': ['network'],
            },
        ),
        migrations.CreateModel(
            name='SystemDraft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveBigIntegerField(default=1, editable=False)),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='updated')),
                ('values', models.JSONField(default=dict)),
                ('begun_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='system_drafts', to='organisations.organisation')),
            ],
            options={
                'verbose_name': 'draft of a system',
                'ordering': ['-updated'],
            },
        ),
        migrations.CreateModel(
            name='SystemHealth',
            fields=[
                ('system', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='health', serialize=False, to='systems.system')),
                ('last_check', models.DateTimeField(null=True, verbose_name='last check')),
                ('last_check_status', models.CharField(blank=True, max_length=10)),
                ('last_passed', models.DateTimeField(null=True)),
                ('last_seen', models.DateTimeField(null=True)),
                ('next_check_at', models.DateTimeField(db_index=True, null=True)),
                ('confirmed', models.DateTimeField(null=True)),
                ('confirmed_reason', models.CharField(blank=True, max_length=500)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'health of a system',
            },
        ),
        migrations.AddIndex(
            model_name='system',
            index=models.Index(condition=models.Q(('next_certificate_from__isnull', False)), fields=['next_certificate_from'], name='system_next_certificate_due'),
        ),
        migrations.AddConstraint(
            model_name='system',
            constraint=models.UniqueConstraint(models.F('organisation'), django.db.models.functions.text.Lower('name'), name='system_name_once', violation_error_message='Another system of the organisation bears this name.'),
        ),
        migrations.AddConstraint(
            model_name='system',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default_recipient', True)), fields=('organisation',), name='system_default_recipient_once', violation_error_message='An organisation has at most one default recipient system.'),
        ),
        migrations.AddConstraint(
            model_name='system',
            constraint=models.UniqueConstraint(condition=models.Q(('registry_id__isnull', False)), fields=('organisation', 'registry_id'), name='system_registry_id_once', violation_error_message='Another system of the organisation has this ID in Digital Post.'),
        ),
        migrations.AddConstraint(
            model_name='system',
            constraint=models.CheckConstraint(condition=models.Q(('is_recipient', True), ('is_default_recipient', False), _connector='OR'), name='system_default_recipient_receives', violation_error_message='The default recipient system must receive messages.'),
        ),
        migrations.AddConstraint(
            model_name='system',
            constraint=models.CheckConstraint(condition=models.Q(('is_sender', True), ('is_recipient', True), _connector='OR'), name='system_sends_or_receives', violation_error_message='Say whether the system sends, receives or does both.'),
        ),
        migrations.AddConstraint(
            model_name='system',
            constraint=models.CheckConstraint(condition=models.Q(('active_to', None), models.Q(('active_from__isnull', False), ('active_to__gt', models.F('active_from'))), _connector='OR'), name='system_ends_after_it_begins', violation_error_message='The system must go into service before it goes out of service.'),
        ),
        migrations.AddConstraint(
            model_name='system',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('next_certificate', None), ('next_certificate_from', None)), models.Q(('next_certificate__isnull', False), ('next_certificate_from__isnull', False)), _connector='OR'), name='system_next_certificate_has_a_date'),
        ),
        migrations.AddConstraint(
            model_name='system',
            constraint=models.CheckConstraint(condition=models.Q(('sftp_port__range', (1, 65535)), ('smtp_relay_port__range', (1, 65535))), name='system_ports'),
        ),
        migrations.AddConstraint(
            model_name='allowedip',
            constraint=models.UniqueConstraint(fields=('system', 'network'), name='allowed_ip_once'),
        ),
    ]
