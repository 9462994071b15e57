{{- define "adpipe.labels" -}}
{{ include "adpipe.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
adpipe.dev/customer: {{ .Values.customer }}
adpipe.dev/pipeline: {{ .Values.pipeline }}
{{- end }}

{{- define "adpipe.selector" -}}
app.kubernetes.io/name: adpipe
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Those of pods: nothing that changes without a reason to restart. */}}
{{- define "adpipe.podLabels" -}}
{{ include "adpipe.selector" . }}
adpipe.dev/customer: {{ .Values.customer }}
adpipe.dev/pipeline: {{ .Values.pipeline }}
{{- end }}

{{- define "adpipe.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}


{{/* The definition with what is the chart's own; in HOCON the last value counts. */}}
{{- define "adpipe.definition" -}}
{{ .Values.definition | trim }}

# Set by the chart.
pipeline.runtime { state-dir = "/var/lib/adpipe/state", metrics-port = 9400 }
{{- end }}

{{- define "adpipe.files" -}}
pipeline.conf: |
  {{- include "adpipe.definition" . | nindent 2 }}
{{- range $name, $text := .Values.files }}
{{ $name }}: |
  {{- $text | nindent 2 }}
{{- end }}
{{- end }}

{{/* What no container of ours needs. */}}
{{- define "adpipe.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "adpipe.container" -}}
image: {{ include "adpipe.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{- define "adpipe.mounts" -}}
- name: definition
  mountPath: /etc/adpipe
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if .Values.secrets.files }}
- name: secret
  mountPath: /etc/adpipe-secret
  readOnly: true
{{- end }}
{{- end }}

{{/* /tmp: where native libraries are unpacked to and loaded from. */}}
{{- define "adpipe.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- with .Values.secrets.files }}
- name: secret
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- end }}

{{/* What stands in two places must be the same in both. */}}
{{- define "adpipe.check" -}}
{{- $text := .Values.definition }}
{{- if not (regexMatch (printf "\\bcustomer\\s*[=:]\\s*\"?%s\"?\\s" .Values.customer) $text) }}
{{- fail (printf "customer = %s: the definition has another pipeline.customer, or none" .Values.customer) }}
{{- end }}
{{- if not (regexMatch (printf "\\bname\\s*[=:]\\s*\"?%s\"?\\s" .Values.pipeline) $text) }}
{{- fail (printf "pipeline = %s: the definition has another pipeline.name, or none" .Values.pipeline) }}
{{- end }}
{{- $found := regexFind "\\bpartitions\\s*[=:]\\s*[0-9]+" $text | default "partitions = 12" }}
{{- $number := regexFind "[0-9]+$" $found | int }}
{{- if ne $number (int .Values.partitions) }}
{{- fail (printf "partitions = %d: shuffle.partitions of the definition is %d" (int .Values.partitions) $number) }}
{{- end }}
{{- if and .Values.autoscaling.enabled (not .Values.monitor.enabled) }}
{{- fail "autoscaling.enabled = true: needs monitor.enabled = true, for the monitor says how many containers there should be" }}
{{- end }}
{{- range $stage, $it := .Values.stages }}
{{- if gt (int $it.replicas) (int $.Values.partitions) }}
{{- fail (printf "stages.%s.replicas = %d: more than the %d partitions; the others would have nothing to do" $stage (int $it.replicas) (int $.Values.partitions)) }}
{{- end }}
{{- end }}
{{- end }}
