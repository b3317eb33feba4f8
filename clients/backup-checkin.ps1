<#
.SYNOPSIS
Tells the backup sentinel how a backup went, signed. Needs PowerShell 5.1 or newer, and no modules.

.DESCRIPTION
    backup-checkin.ps1 [options] -Run PROGRAM -- [ARGUMENT...]   runs a backup: says that it starts, and how it ended
    backup-checkin.ps1 [options] -Status ok                      says one thing: start, ok, warning, fail or log
    backup-checkin.ps1 [options] -Flush                          sends what could not be sent before

Behind -- stand the program's own arguments, so that none of them is taken for one of this script's.

It never breaks the backup: the program's exit code is this script's, whatever becomes of the check-ins, and without a program it
exits with 0. What cannot be sent waits in the user's own profile, and is sent with the next check-in, signed anew, with the time at
which the run really ended: at most 100 check-ins for a job, at most 29 days.

.PARAMETER Url
Where check-ins go. BACKUP_CHECKIN_URL.

.PARAMETER Job
The job's id. BACKUP_CHECKIN_JOB.

.PARAMETER KeyFile
A file that holds the job's key. BACKUP_CHECKIN_KEY_FILE. The key itself may stand in BACKUP_CHECKIN_KEY.

.PARAMETER Size
How large the backup is: 123456, "1.2 GB".

.PARAMETER Path
A file or a folder whose size that is, measured at the end; nothing there is 0 bytes.

.PARAMETER WarningCodes
Exit codes that mean "ended with warnings", such as 1,2,3 for robocopy.

.PARAMETER GoodCodes
Exit codes besides 0 that mean success, such as 1,2,3 for robocopy.

.PARAMETER Spool
A folder where check-ins wait while nobody can be reached. BACKUP_CHECKIN_SPOOL.

.PARAMETER Strict
Exits with 1 when a check-in was not taken (never with -Run).

.EXAMPLE
.\backup-checkin.ps1 -Job crm-db -KeyFile C:\backup\crm-db.key -Path D:\backup\crm.bak -Run sqlcmd -- -Q "BACKUP DATABASE crm TO DISK='D:\backup\crm.bak'"
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [string] $Url = $env:BACKUP_CHECKIN_URL,
    [string] $Job = $env:BACKUP_CHECKIN_JOB,
    [string] $KeyFile = $env:BACKUP_CHECKIN_KEY_FILE,
    [ValidateSet('start', 'ok', 'warning', 'fail', 'log')] [string] $Status = 'ok',
    [string] $Size = '',
    [string] $Path = '',
    [string] $Note = '',
    [string] $Rid = '',
    [int[]] $WarningCodes = @(),
    [int[]] $GoodCodes = @(),
    [string] $Spool = $env:BACKUP_CHECKIN_SPOOL,
    [switch] $Flush,
    [switch] $Strict,
    [string] $Run = '',
    [Parameter(ValueFromRemainingArguments = $true)] [string[]] $Arguments = @()
)

$ErrorActionPreference = 'Continue'
$SpooledMax = 100
$SpooledDays = 29
$Utf8 = New-Object System.Text.UTF8Encoding($false)

function Write-Trouble([string] $Text) {
    [Console]::Error.WriteLine("backup-checkin: $Text")
}

# --- what is said: JSON --------------------------------------------------------------------------

# The fields that are known, as JSON on one line.
function Get-Body([string] $Said, [string] $FinishedAt, [hashtable] $Facts) {
    $fields = [ordered]@{ status = $Said }
    if ($FinishedAt) { $fields['finished_at'] = $FinishedAt }
    foreach ($name in 'size', 'rid', 'note') {
        if ($Facts[$name]) { $fields[$name] = [string] $Facts[$name] }
    }
    return (ConvertTo-Json -InputObject $fields -Compress)
}

# The bytes of a file, or of all files below a folder.
function Get-Measured([string] $Target) {
    if (-not (Test-Path -LiteralPath $Target)) {
        Write-Trouble "there is nothing at ${Target}: said as 0 bytes"
        return '0'
    }
    $sum = (Get-ChildItem -LiteralPath $Target -Recurse -Force -File -ErrorAction SilentlyContinue | Measure-Object -Property Length -Sum).Sum
    if ($null -eq $sum) { $sum = 0 }
    return ([decimal] $sum).ToString('0', [Globalization.CultureInfo]::InvariantCulture)
}

# The moment as ISO 8601 in UTC.
function Get-Moment {
    return [DateTime]::UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", [Globalization.CultureInfo]::InvariantCulture)
}

# --- signing and sending -------------------------------------------------------------------------

# The value of X-Backup-Signature: v1= and the hex HMAC-SHA256 of timestamp.job_id.body.
function Get-Signature([string] $Key, [long] $Timestamp, [string] $JobId, [string] $Body) {
    $hmac = New-Object System.Security.Cryptography.HMACSHA256 -ArgumentList (, $Utf8.GetBytes($Key))
    try {
        $hash = $hmac.ComputeHash($Utf8.GetBytes("$Timestamp.$JobId.$Body"))
    }
    finally {
        $hmac.Dispose()
    }
    return 'v1=' + [BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant()
}

# 'taken', 'later' or 'never'.
function Send-Body([string] $Body, [int] $Patience) {
    if (-not $Url -or -not $script:Key) {
        Write-Trouble 'there is no URL or no key to send it with'
        return 'later'
    }
    $now = [long] [Math]::Floor(([DateTime]::UtcNow - [DateTime] '1970-01-01').TotalSeconds)
    $headers = @{
        'X-Backup-Timestamp' = "$now"
        'X-Backup-Signature' = Get-Signature $script:Key $now $Job $Body
    }
    $address = $Url.TrimEnd('/') + '/' + [Uri]::EscapeDataString($Job)
    try {
        $null = Invoke-WebRequest -UseBasicParsing -Uri $address -Method Post -Headers $headers -Body $Utf8.GetBytes($Body) `
            -ContentType 'application/json' -TimeoutSec $Patience -ErrorAction Stop
        return 'taken'
    }
    catch {
        $code = 0
        if ($_.Exception.PSObject.Properties['Response'] -and $_.Exception.Response) {
            $code = [int] $_.Exception.Response.StatusCode
        }
        if (@(400, 404, 405, 413) -contains $code) {
            Write-Trouble "refused ($code): $($_.ErrorDetails)"
            return 'never'
        }
        Write-Trouble "not taken now ($code): $($_.Exception.Message)"
        return 'later'
    }
}

# --- waiting -------------------------------------------------------------------------------------

function Get-Waiting {
    if (-not (Test-Path -LiteralPath $script:Waiting)) { return @() }
    return @(Get-ChildItem -LiteralPath $script:Waiting -Filter '*.json' -File | Sort-Object -Property Name)
}

# Keeps it for later, the newest hundred.
function Save-Body([string] $Body) {
    try {
        $null = New-Item -ItemType Directory -Path $script:Waiting -Force -ErrorAction Stop
        $script:Kept += 1
        $stamp = [DateTime]::UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", [Globalization.CultureInfo]::InvariantCulture)
        $file = Join-Path $script:Waiting "$stamp-$PID-$($script:Kept).json"
        [IO.File]::WriteAllText("$file.new", $Body, $Utf8)
        [IO.File]::Move("$file.new", $file)
        $old = @(Get-Waiting)
        if ($old.Count -gt $SpooledMax) {
            $old[0..($old.Count - $SpooledMax - 1)] | Remove-Item -Force -ErrorAction SilentlyContinue
        }
    }
    catch {
        Write-Trouble "it cannot wait in $($script:Waiting) either, and is lost: $($_.Exception.Message)"
    }
}

# Sends what waits, the oldest first, until one is not taken. Whether nothing waits any more.
function Send-Waiting {
    foreach ($file in (Get-Waiting)) {
        if ($file.LastWriteTimeUtc -lt [DateTime]::UtcNow.AddDays(-$SpooledDays)) {
            Remove-Item -LiteralPath $file.FullName -Force -ErrorAction SilentlyContinue
            continue
        }
        if ((Send-Body ([IO.File]::ReadAllText($file.FullName, $Utf8)) 30) -eq 'later') { return $false }
        Remove-Item -LiteralPath $file.FullName -Force -ErrorAction SilentlyContinue
    }
    return $true
}

# Sends it, then what waits; else it waits too. Whether it was taken.
function Send-CheckIn([string] $Said, [hashtable] $Facts, [int] $Patience = 30) {
    $ended = Get-Moment # now, not after the patience that sending takes
    $answer = Send-Body (Get-Body $Said '' $Facts) $Patience
    if ($answer -eq 'never') { # a size that is none shall not hide how the backup went
        $Facts = @{}
        $answer = Send-Body (Get-Body $Said '' $Facts) $Patience
    }
    if ($answer -eq 'taken') {
        $null = Send-Waiting
        return $true
    }
    Save-Body (Get-Body $Said $ended $Facts)
    return $false
}

# --- what to do ----------------------------------------------------------------------------------

[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
$ProgressPreference = 'SilentlyContinue' # its bar makes Invoke-WebRequest slow in PowerShell 5.1
$Kept = 0
$Key = "$env:BACKUP_CHECKIN_KEY"
if (-not $Key -and $KeyFile) {
    try { $Key = [IO.File]::ReadAllText($KeyFile).Trim() }
    catch { Write-Trouble "the key cannot be read from $KeyFile" }
}
$HasJob = [bool] ($Job -match '^[^./\\:*?"<>|-][^/\\:*?"<>|]*$')
if (-not $HasJob) { Write-Trouble 'there is no job id: -Job orders-db' }
if (-not $Spool) {
    $Spool = Join-Path ([Environment]::GetFolderPath('LocalApplicationData')) 'backup-checkin'
}
$Waiting = Join-Path $Spool "$Job"

if ($Run) {
    if (-not $Rid) { $Rid = [Guid]::NewGuid().ToString() }
    if ($HasJob) { $null = Send-CheckIn 'start' @{ rid = $Rid } 10 }
    $exitCode = 127
    try {
        $global:LASTEXITCODE = 0
        & $Run @Arguments
        $exitCode = $LASTEXITCODE
    }
    catch {
        Write-Trouble "$Run could not be run: $($_.Exception.Message)"
    }
    finally { # also when it is interrupted
        if ($HasJob) {
            $said = 'fail'
            if ($exitCode -eq 0 -or $GoodCodes -contains $exitCode) { $said = 'ok' }
            if ($WarningCodes -contains $exitCode) { $said = 'warning' }
            if ($exitCode -ne 0) { $Note = ("exit code $exitCode, $Note").TrimEnd(', '.ToCharArray()) }
            if ($Path) { $Size = Get-Measured $Path }
            $null = Send-CheckIn $said @{ rid = $Rid; size = $Size; note = $Note }
        }
    }
    exit $exitCode
}

$taken = $false
if ($HasJob -and $Flush) {
    $taken = Send-Waiting
}
elseif ($HasJob) {
    if ($Path) { $Size = Get-Measured $Path }
    $taken = Send-CheckIn $Status @{ rid = $Rid; size = $Size; note = $Note }
}
if ($Strict -and -not $taken) { exit 1 }
exit 0
