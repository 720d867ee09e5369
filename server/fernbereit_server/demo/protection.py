"""What would a synthetic machine say of its protection and management?"""

from datetime import date, timedelta
from random import Random

from fernbereit.facts.boot_security import BootSecurity, CertificateUpdate, SecureBoot, TpmVersion
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionMethod, EncryptionState
from fernbereit.facts.firewall import Firewall, FirewallProduct
from fernbereit.facts.malware_protection import MalwareProtection
from fernbereit.facts.management import JoinType, Management, ManagementClient, PolicyResult, Provider
from fernbereit.facts.operating_system import Platform
from fernbereit.facts.screen_lock import ScreenLock
from fernbereit.record import Reason
from fernbereit_server.demo.specimen import Specimen, weighted

_METHOD = {
    Platform.WINDOWS: EncryptionMethod.BITLOCKER,
    Platform.MACOS: EncryptionMethod.FILEVAULT,
    Platform.LINUX: EncryptionMethod.LUKS2,
}
_FIREWALL = {
    Platform.WINDOWS: FirewallProduct.WINDOWS,
    Platform.MACOS: FirewallProduct.MACOS,
    Platform.LINUX: FirewallProduct.UFW,
}
_JOIN = {(Provider.INTUNE,): JoinType.CLOUD, (Provider.OPSI,): JoinType.DOMAIN, (): JoinType.DOMAIN}


def disk_encryption(rng: Random, specimen: Specimen, _today: date) -> DiskEncryption:
    """Mostly on; where it is not, nobody switched it on, or a firmware update left it suspended."""
    method = _METHOD[specimen.system.platform]
    if rng.random() < 0.4 + specimen.care * 0.6:
        return DiskEncryption(state=EncryptionState.ENCRYPTED, method=method, home_encrypted=True)
    state = weighted(
        rng,
        (
            (EncryptionState.NOT_ENCRYPTED, 55),
            (EncryptionState.SUSPENDED, 25 if method is EncryptionMethod.BITLOCKER else 0),
            (EncryptionState.PARTLY, 10),
            (None, 10),
        ),
    )
    known = state is not None and state is not EncryptionState.NOT_ENCRYPTED
    return DiskEncryption(state=state, method=method if known else None, home_encrypted=known or None)


def boot_security(rng: Random, specimen: Specimen, today: date) -> BootSecurity:
    """Secure Boot certificates of 2023 arrive with firmware and Windows updates, late on old machines."""
    if specimen.system.platform is Platform.MACOS:
        return BootSecurity(tpm_present=True, secure_boot=SecureBoot.ON)  # the Secure Enclave
    age_years = (today - specimen.bought_on).days / 365.25
    late = 6 if age_years < 4 else 25
    secure_boot = weighted(
        rng,
        (
            (SecureBoot.ON, round(specimen.care * 100)),
            (SecureBoot.OFF, round((1 - specimen.care) * 50)),
            (SecureBoot.UNSUPPORTED, 4 if age_years > 6 else 0),
        ),
    )
    certificates = weighted(
        rng,
        (
            (CertificateUpdate.UPDATED, 100 - late),
            (CertificateUpdate.IN_PROGRESS, late // 4),
            (CertificateUpdate.NOT_STARTED, late),
        ),
    )
    newer = TpmVersion.V2_0 if specimen.model.windows_11 else TpmVersion.V1_2
    has_tpm = secure_boot is not SecureBoot.UNSUPPORTED
    return BootSecurity(
        tpm_present=has_tpm,
        tpm_version=newer if has_tpm else None,
        secure_boot=secure_boot,
        certificates_2023=None if secure_boot is SecureBoot.UNSUPPORTED else certificates,
    )


def malware_protection(rng: Random, specimen: Specimen, _today: date) -> MalwareProtection | Reason:
    """Read on Windows; elsewhere the agent says that it cannot."""
    if specimen.system.platform is not Platform.WINDOWS:
        return Reason.NOT_IMPLEMENTED
    in_order = rng.random() < 0.5 + specimen.care / 2 and not specimen.forgotten
    return MalwareProtection(
        product=weighted(rng, (("Microsoft Defender Antivirus", 80), ("ESET Endpoint Security", 20))),
        realtime_on=in_order or rng.random() < (0.2 if specimen.forgotten else 0.5),
        signatures_age_days=rng.randrange(2) if in_order else rng.randrange(4, 60),
        tamper_protected=rng.random() < 0.85,
    )


def firewall(rng: Random, specimen: Specimen, _today: date) -> Firewall:
    """On, except where somebody switched it off for a test and forgot, or nobody may ask."""
    off = 40 if specimen.forgotten else 5
    enabled = weighted(rng, ((True, round(70 + specimen.care * 29)), (False, off), (None, 2)))
    return Firewall(enabled=enabled, product=_FIREWALL[specimen.system.platform])


def screen_lock(rng: Random, specimen: Specimen, _today: date) -> ScreenLock:
    """Five to fifteen minutes where it is set."""
    if rng.random() > 0.6 + specimen.care * 0.4 or (specimen.forgotten and rng.random() < 0.5):
        return ScreenLock(enabled=False)
    return ScreenLock(
        enabled=True, timeout_s=rng.choice((300.0, 600.0, 900.0)), asks_password=rng.random() < 0.97
    )


def management(rng: Random, specimen: Specimen, today: date) -> Management:
    """Opsi and Intune, alone or side by side; a badly kept machine has not synchronised for weeks."""
    clients = []
    for provider in specimen.managed_by:
        late = specimen.forgotten or rng.random() > 0.4 + specimen.care * 0.6
        clients.append(
            ManagementClient(
                provider=provider,
                enrolled=True,
                last_sync_on=today - timedelta(days=rng.randrange(20, 120) if late else rng.randrange(3)),
                local_policy_result=(PolicyResult.NOT_MET if late else PolicyResult.MET)
                if provider is Provider.INTUNE
                else None,
            )
        )
    return Management(join_type=_JOIN.get(specimen.managed_by, JoinType.HYBRID), clients=tuple(clients))
